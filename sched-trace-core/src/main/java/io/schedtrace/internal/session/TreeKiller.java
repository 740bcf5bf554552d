package io.schedtrace.internal.session;

import io.schedtrace.bpf.Libc;
import io.schedtrace.bpf.ProbeException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Sends signals to the processes of a session. A pid is opened first and looked up among them then: if it is one of theirs
 * still, what has been opened is that process and no other.
 */
final class TreeKiller {
    /** Far below the number of files that a process may have open. */
    private static final int AT_ONCE = 256;

    private final Supplier<Set<Long>> members;

    /** @param members the processes of the session that have not ended by now, by their pids in this JVM's namespace */
    TreeKiller(Supplier<Set<Long>> members) {
        this.members = members;
    }

    /**
     * Stops all and kills them then, for a process that has stopped forks no more: else a tree could grow faster than it
     * is killed. What this user may send no signal to is left.
     *
     * @param deadline by {@link System#nanoTime()}; new processes are stopped no longer than that
     * @return those that were killed
     * @throws ProbeException if there are not even two file descriptors
     */
    Set<Long> kill(long deadline) {
        Set<Long> stopped = new HashSet<>();
        boolean found = true;
        while (found && System.nanoTime() < deadline) {
            Set<Long> running = new HashSet<>(members.get());
            running.removeAll(stopped);
            signal(running, Libc.SIGSTOP);
            found = stopped.addAll(running);
        }
        return signal(members.get(), Libc.SIGKILL);
    }

    /** Those that got the signal. */
    private Set<Long> signal(Set<Long> pids, int signal) {
        Set<Long> reached = new HashSet<>();
        Map<Long, Integer> open = new HashMap<>();
        try {
            for (long pid : pids) {
                if (!open(pid, open)) {
                    send(open, signal, reached);
                    open(pid, open);
                }
            }
            send(open, signal, reached);
        } finally {
            close(open);
        }
        return reached;
    }

    /** Opens a process if it still exists and has a pid here; false if others must be closed before. */
    private static boolean open(long pid, Map<Long, Integer> open) {
        if (open.size() == AT_ONCE) {
            return false;
        }
        try {
            int pidfd = pid == 0 ? -1 : Libc.pidfdOpen(pid);
            if (pidfd >= 0) {
                open.put(pid, pidfd);
            }
            return true;
        } catch (ProbeException e) {
            if (e.errno() != Libc.EMFILE || open.isEmpty()) {
                throw e;
            }
            return false;
        }
    }

    private void send(Map<Long, Integer> open, int signal, Set<Long> reached) {
        if (open.isEmpty()) {
            return;
        }
        Set<Long> now = lookUp(open);
        open.forEach((pid, pidfd) -> {
            if (now.contains(pid) && Libc.pidfdSendSignal(pidfd, signal)) {
                reached.add(pid);
            }
        });
        close(open);
    }

    /** The members by now. That takes a file descriptor, too: if need be, that of one of those that are open. */
    private Set<Long> lookUp(Map<Long, Integer> open) {
        try {
            return members.get();
        } catch (ProbeException e) {
            if (e.errno() != Libc.EMFILE || open.size() < 2) {
                throw e;
            }
            Iterator<Integer> spare = open.values().iterator();
            Libc.close(spare.next());
            spare.remove();
            return members.get();
        }
    }

    private static void close(Map<Long, Integer> open) {
        open.values().forEach(Libc::close);
        open.clear();
    }
}
