package io.schedtrace.internal.session;

import io.schedtrace.bpf.Processes;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * Ends the processes of a session with SIGKILL.
 *
 * <p>A tree that forks faster than it is killed is stopped first: a process that has stopped forks no more. Whatever happens
 * then, an error or an interrupt included, nothing stays stopped: what could not be killed is continued. Only if this JVM itself
 * is killed between the two steps, which takes milliseconds, processes stay stopped.
 */
final class TreeKiller {
    private static final Duration KILL_TIME = Duration.ofSeconds(5);
    private static final long PAUSE_NANOS = 20_000_000;

    /** So many times processes are killed as they are found, before the tree counts as one that forks faster. */
    private static final int PASSES_WITHOUT_STOP = 3;

    private final Completion completion;
    private final Members members;
    private final SignalSender sender;

    TreeKiller(Completion completion, Members members) {
        this.completion = completion;
        this.members = members;
        this.sender = new SignalSender(members);
    }

    /**
     * Kills every process of the session, those that appear meanwhile included, and waits until they have ended. Gives up after
     * 5 s. What this user may send no signal to is left.
     *
     * @return how many processes got the signal
     * @throws InterruptedException if the thread is interrupted
     */
    int killAll() throws InterruptedException {
        Set<Long> killed = new HashSet<>();
        long deadline = System.nanoTime() + KILL_TIME.toNanos();
        for (int pass = 1; !completion.processesHaveEnded() && System.nanoTime() < deadline; pass++) {
            killed.addAll(
                    pass <= PASSES_WITHOUT_STOP
                            ? sender.send(members.now(), Processes.SIGKILL)
                            : stopAndKill(deadline));
            completion.awaitRecordedEnds(Math.min(deadline, System.nanoTime() + PAUSE_NANOS));
        }
        return killed.size();
    }

    /** Stops processes until no new ones are found, and kills all. Returns those that were killed. */
    private Set<Long> stopAndKill(long deadline) {
        Set<Long> stopped = new HashSet<>();
        Set<Long> killed = new HashSet<>();
        try {
            Set<Long> running = members.now();
            while (!running.isEmpty() && System.nanoTime() < deadline) {
                stopped.addAll(running);
                sender.send(running, Processes.SIGSTOP);
                running = new HashSet<>(members.now());
                running.removeAll(stopped);
            }
            killed.addAll(sender.send(members.now(), Processes.SIGKILL));
            return killed;
        } finally {
            stopped.removeAll(killed);
            stopped.forEach(pid -> Processes.signal(pid, Processes.SIGCONT));
        }
    }
}
