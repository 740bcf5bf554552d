package io.schedtrace;

import io.schedtrace.bpf.Libc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Sends signals to the processes of a session. A pid is opened first and looked up in the trace then: if the process has not
 * ended by that time, the pid is still its own.
 */
final class TreeKiller {
    /** Far below the number of files that a process may have open. */
    private static final int AT_ONCE = 256;

    private final Supplier<Map<Long, String>> alive;

    /** @param alive the processes that have not ended by now, by their pids in this JVM's namespace, with descriptions */
    TreeKiller(Supplier<Map<Long, String>> alive) {
        this.alive = alive;
    }

    /**
     * Stops all and kills them then, for a process that has stopped forks no more: else a tree could grow faster than it
     * is killed.
     *
     * @param deadline by {@link System#nanoTime()}; new processes are stopped no longer than that
     * @return those that were killed, with descriptions
     */
    Map<Long, String> kill(long deadline) {
        Set<Long> stopped = new HashSet<>();
        boolean found = true;
        while (found && System.nanoTime() < deadline) {
            List<Long> running = new ArrayList<>(alive.get().keySet());
            running.removeAll(stopped);
            signal(running, Libc.SIGSTOP);
            found = stopped.addAll(running);
        }
        Map<Long, String> killed = alive.get();
        killed.keySet().retainAll(signal(killed.keySet(), Libc.SIGKILL));
        return killed;
    }

    /** Those that got the signal. */
    private Set<Long> signal(Iterable<Long> pids, int signal) {
        Set<Long> reached = new HashSet<>();
        Map<Long, Integer> open = new HashMap<>();
        for (long pid : pids) {
            int pidfd = pid == 0 ? -1 : Libc.pidfdOpen(pid);
            if (pidfd >= 0) {
                open.put(pid, pidfd);
            }
            if (open.size() == AT_ONCE) {
                signal(open, signal, reached);
            }
        }
        signal(open, signal, reached);
        return reached;
    }

    private void signal(Map<Long, Integer> open, int signal, Set<Long> reached) {
        Set<Long> now = open.isEmpty() ? Set.of() : alive.get().keySet();
        open.forEach((pid, pidfd) -> {
            if (now.contains(pid) && Libc.pidfdSendSignal(pidfd, signal) == 0) {
                reached.add(pid);
            }
            Libc.close(pidfd);
        });
        open.clear();
    }
}
