package io.schedtrace.internal.backend.bpf;

import io.schedtrace.bpf.KernelProbe;
import io.schedtrace.bpf.ProbeException;
import io.schedtrace.bpf.RecordLayout;
import io.schedtrace.model.Availability;
import io.schedtrace.model.TracingUnavailableException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the programs that see names of hosts attached while a session wants them, and a second longer: the kernel takes
 * a fifth of a second to detach from getaddrinfo(3), which is nothing to wait for, and one tracer often follows
 * another.
 */
final class NameWatch {
    private static final long NAMES = RecordLayout.Setting.WANT_DNS | RecordLayout.Setting.WANT_GETADDRINFO;

    /** A thread for each task: it takes too long for a shared one. */
    private static final Executor LATER = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS, NameWatch::onThread);

    private final KernelProbe probe;
    private volatile long attached;
    private boolean closed;

    NameWatch(KernelProbe probe) {
        this.probe = probe;
    }

    /**
     * Attaches what the open sessions want.
     *
     * @throws TracingUnavailableException if the kernel refuses; what was attached before stays so
     */
    synchronized void begin() {
        long wanted = attached | probe.sessions().settings() & NAMES;
        if (wanted == attached) {
            return;
        }
        try {
            probe.watchNames(wanted);
            attached = wanted;
        } catch (ProbeException e) {
            probe.watchNames(attached);
            throw new TracingUnavailableException(
                    Availability.Reason.REFUSED, "names of hosts cannot be watched: " + e.getMessage());
        }
    }

    /** Detaches later what no open session wants then. Returns at once. */
    void end() {
        if ((attached & ~probe.sessions().settings()) == 0) {
            return;
        }
        try {
            LATER.execute(this::detach);
        } catch (OutOfMemoryError e) {
            detach();
        }
    }

    private static void onThread(Runnable task) {
        Thread thread = new Thread(null, task, "sched-trace-detach", 0, false);
        thread.setDaemon(true);
        thread.start();
    }

    private synchronized void detach() {
        if (closed) {
            return; // and the memory of the session table is gone
        }
        long wanted = attached & probe.sessions().settings();
        if (wanted != attached && !probe.isLost()) {
            probe.watchNames(wanted);
            attached = wanted;
        }
    }

    /** Before the probe is closed. */
    synchronized void close() {
        closed = true;
    }
}
