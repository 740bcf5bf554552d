package io.schedtrace.internal.backend.bpf;

import java.lang.System.Logger.Level;

/**
 * Reads the ring of the shared probe: every few milliseconds while there are feeds, and when the kernel side wakes it. Whoever
 * needs everything up to now drains the ring by himself ({@link SharedProbe#drain()}).
 */
final class ReaderThread implements Runnable {
    private static final System.Logger LOG = System.getLogger("io.schedtrace");
    private static final int SHORTEST_WAIT_MILLIS = 4;
    private static final int LONGEST_WAIT_MILLIS = 32;

    private final SharedProbe probe;
    private final Thread thread = new Thread(null, this, "sched-trace-reader", 0, false);
    private volatile boolean ended;

    ReaderThread(SharedProbe probe) {
        this.probe = probe;
        thread.setDaemon(true);
        thread.setContextClassLoader(ReaderThread.class.getClassLoader());
    }

    void start() {
        thread.start();
    }

    /** Ends the thread and waits for it, though the caller be interrupted meanwhile. */
    void end() {
        ended = true;
        probe.wakeReader();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Nothing ends the thread before the probe is closed, not even a lack of memory: all feeds depend on it. */
    @Override
    public void run() {
        probe.untag();
        int wait = SHORTEST_WAIT_MILLIS;
        while (!ended) {
            try {
                probe.kernel().await(probe.feeds().isEmpty() ? -1 : wait);
                wait = read() > 0 ? SHORTEST_WAIT_MILLIS : Math.min(2 * wait, LONGEST_WAIT_MILLIS);
            } catch (Throwable e) {
                complain(e);
            }
        }
    }

    /** How many bytes there were to read. */
    private long read() {
        if (ended) {
            return 0;
        }
        long bytes = probe.read();
        probe.feeds().forEach(BpfFeed::drained);
        return bytes;
    }

    private static void complain(Throwable thrown) {
        try {
            LOG.log(Level.ERROR, "a kernel record may have been dropped; its span is not complete", thrown);
        } catch (Throwable e) {
            LOG.log(Level.ERROR, "a kernel record may have been dropped: no memory to say why");
        }
    }
}
