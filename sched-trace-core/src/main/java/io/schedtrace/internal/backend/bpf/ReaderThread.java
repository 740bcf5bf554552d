package io.schedtrace.internal.backend.bpf;

import io.schedtrace.bpf.ProbeException;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reads the ring of the shared probe: every few milliseconds while there are feeds, at the latest after 4 ms while
 * there are records or somebody waits for some ({@link BpfFeed#hurry()}), and when the kernel side wakes it. Whoever
 * needs everything up to now drains the ring on its own thread ({@link SharedProbe#drain()}). Once there has been no
 * feed for some seconds, it unloads the probe and ends.
 *
 * <p>It waits in epoll_wait(2), or in Java where that does not do: HotSpot delays the end of the JVM by up to 300 ms
 * for a thread that is in native code ({@code VM_Exit::wait_for_threads_in_native_to_block()}), and the file descriptor
 * may have been closed by somebody else. Without wake-ups the ring is read a few milliseconds later.
 */
final class ReaderThread implements Runnable {
    /** After this time without a feed the ring is overwritten. */
    static volatile int wipeMillis = 1_000;

    /** After this time without a feed the probe is unloaded: the next feed loads it again, which takes some 40 ms. */
    static volatile int idleMillis = 10_000;

    private static final System.Logger LOG = System.getLogger("io.schedtrace");
    private static final int SHORTEST_WAIT_MILLIS = 4;
    private static final int LONGEST_WAIT_MILLIS = 32;

    private final SharedProbe probe;
    private final Thread thread = newThread(this, "sched-trace-reader");
    private final Thread exitHook = newThread(this::waitInJava, "sched-trace-exit");
    private final AtomicInteger hurried = new AtomicInteger();
    private volatile boolean inJava;
    private boolean lost;
    private volatile boolean ended;

    ReaderThread(SharedProbe probe) {
        this.probe = probe;
    }

    /** A thread that keeps nothing of the one that makes it: no thread-locals, no context class loader. */
    private static Thread newThread(Runnable body, String name) {
        Thread thread = new Thread(null, body, name, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(ReaderThread.class.getClassLoader());
        return thread;
    }

    void start() {
        thread.start();
        try {
            Runtime.getRuntime().addShutdownHook(exitHook);
        } catch (IllegalStateException e) {
            waitInJava(); // the JVM is exiting already
        }
    }

    /** Ends the thread and waits for that, even if the caller is interrupted meanwhile. */
    void end() {
        forgetHook();
        synchronized (this) {
            wake();
            ended = true;
        }
        boolean interrupted = false;
        while (thread.isAlive() && thread != Thread.currentThread()) {
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

    private void forgetHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(exitHook);
        } catch (IllegalStateException e) {
            LOG.log(Level.DEBUG, "the JVM is exiting");
        }
    }

    private void waitInJava() {
        inJava = true;
        wake();
    }

    /** Has the thread look at the ring now. Does nothing once it has been told to end: the probe may be gone then. */
    synchronized void wake() {
        if (ended) {
            return;
        }
        notifyAll();
        try {
            probe.kernel().wake();
        } catch (ProbeException e) {
            inJava = true;
        }
    }

    /** See {@link BpfFeed#hurry()}. */
    void hurry() {
        hurried.incrementAndGet();
        wake();
    }

    /** See {@link BpfFeed#relax()}. */
    void relax() {
        hurried.decrementAndGet();
    }

    /** Nothing ends the thread before the probe is unloaded, not even a lack of memory: all feeds depend on it. */
    @Override
    public void run() {
        int wait = SHORTEST_WAIT_MILLIS;
        while (!ended) {
            try {
                if (probe.feeds().isEmpty()) {
                    if (idle()) {
                        return;
                    }
                } else {
                    await(wait);
                }
                boolean soon = read() > 0 || hurried.get() > 0;
                wait = soon ? SHORTEST_WAIT_MILLIS : Math.min(2 * wait, LONGEST_WAIT_MILLIS);
            } catch (Throwable e) {
                complain(e);
            }
        }
    }

    /** Waits for a feed; whether the probe has been unloaded since none has come. */
    private boolean idle() throws InterruptedException {
        long begin = System.nanoTime();
        boolean wiped = false;
        while (!ended && probe.feeds().isEmpty()) {
            long millis = (System.nanoTime() - begin) / 1_000_000;
            if (!wiped && millis >= wipeMillis) {
                wiped = probe.wipeIfIdle();
            }
            if ((millis >= idleMillis || probe.kernel().isLost()) && probe.unloadIfIdle()) {
                return true;
            }
            long next = wiped ? idleMillis : Math.min(wipeMillis, idleMillis);
            await((int) Math.max(SHORTEST_WAIT_MILLIS, next - millis));
        }
        return false;
    }

    private void await(int millis) throws InterruptedException {
        if (!inJava) {
            try {
                probe.kernel().await(millis);
                tellIfLost();
                return;
            } catch (ProbeException e) {
                inJava = true;
                LOG.log(
                        Level.ERROR,
                        "the kernel cannot wake the reader any more, so that it only looks every few milliseconds; somebody has"
                                + " closed a file descriptor that is not theirs: " + e.getMessage());
            }
        }
        synchronized (this) {
            if (!ended) {
                wait(Math.min(millis, LONGEST_WAIT_MILLIS));
            }
        }
    }

    private void tellIfLost() {
        if (!lost && probe.kernel().isLost()) {
            lost = true;
            if (!probe.feeds().isEmpty()) {
                LOG.log(Level.ERROR, probe.lost());
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

    /** Logs what was thrown, as far as there is memory for that. What was lost is counted where it was lost. */
    static void complain(Throwable thrown) {
        try {
            LOG.log(Level.ERROR, "reading records failed; what was lost is counted", thrown);
        } catch (Throwable e) {
            Thread.onSpinWait();
        }
    }
}
