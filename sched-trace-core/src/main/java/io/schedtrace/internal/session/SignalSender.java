package io.schedtrace.internal.session;

import io.schedtrace.bpf.ProbeException;
import io.schedtrace.bpf.Processes;
import io.schedtrace.internal.backend.BackendException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Sends signals to processes of a session, and to no others. A pid is opened first, as a pidfd, and looked up among the members
 * then: if it still is the id of a member, what has been opened is that process.
 */
final class SignalSender {
    /** Far below the number of files that a process may have open. */
    private static final int AT_ONCE = 256;

    private final Members members;

    SignalSender(Members members) {
        this.members = members;
    }

    /**
     * Sends a signal to those of {@code pids} that are members.
     *
     * @return those that got it
     * @throws ProbeException if there are not even two file descriptors
     */
    Set<Long> send(Set<Long> pids, int signal) {
        Set<Long> reached = new HashSet<>();
        Map<Long, Integer> open = new HashMap<>();
        try {
            for (long pid : pids) {
                if (!open(pid, open)) {
                    sendToOpen(open, signal, reached);
                    open(pid, open);
                }
            }
            sendToOpen(open, signal, reached);
        } finally {
            close(open);
        }
        return reached;
    }

    /**
     * Sends a signal to one process.
     *
     * @param same asked when {@code pid} has been opened and all records have arrived: whether it is still the id of that process
     * @return whether it got the signal
     * @throws ProbeException if there is no file descriptor
     */
    boolean sendToOne(long pid, BooleanSupplier same, int signal) {
        int pidfd = Processes.pidfdOpen(pid);
        if (pidfd < 0) {
            return false;
        }
        try {
            return members.now().contains(pid) && same.getAsBoolean() && Processes.pidfdSendSignal(pidfd, signal);
        } finally {
            Processes.pidfdClose(pidfd);
        }
    }

    /** Opens a process if it still exists; false if others must be closed before. */
    private static boolean open(long pid, Map<Long, Integer> open) {
        if (open.size() == AT_ONCE) {
            return false;
        }
        try {
            int pidfd = Processes.pidfdOpen(pid);
            if (pidfd >= 0) {
                open.put(pid, pidfd);
            }
            return true;
        } catch (ProbeException e) {
            if (e.errno() != Processes.EMFILE || open.isEmpty()) {
                throw e;
            }
            return false;
        }
    }

    private void sendToOpen(Map<Long, Integer> open, int signal, Set<Long> reached) {
        if (open.isEmpty()) {
            return;
        }
        Set<Long> now = lookUp(open);
        open.forEach((pid, pidfd) -> {
            if (now.contains(pid) && Processes.pidfdSendSignal(pidfd, signal)) {
                reached.add(pid);
            }
        });
        close(open);
    }

    /** The members by now. Listing them may take a file descriptor: if need be, that of one of those that are open. */
    private Set<Long> lookUp(Map<Long, Integer> open) {
        try {
            return members.now();
        } catch (BackendException e) {
            if (e.errno() != Processes.EMFILE || open.size() < 2) {
                throw e;
            }
            Iterator<Integer> spare = open.values().iterator();
            Processes.pidfdClose(spare.next());
            spare.remove();
            return members.now();
        }
    }

    private static void close(Map<Long, Integer> open) {
        open.values().forEach(Processes::pidfdClose);
        open.clear();
    }
}
