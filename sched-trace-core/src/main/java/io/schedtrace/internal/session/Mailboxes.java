package io.schedtrace.internal.session;

import io.schedtrace.internal.assemble.SpanEvents;
import io.schedtrace.model.TraceListener;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Brings events to the listeners, each on a thread of its own. */
public final class Mailboxes implements SpanEvents {
    private static final System.Logger LOG = System.getLogger("io.schedtrace");
    private static final int CAPACITY = 65_536;

    private final List<Mailbox> boxes;
    private final AtomicLong dropped = new AtomicLong();

    public Mailboxes(List<TraceListener> listeners, ThreadFactory threads) {
        boxes = listeners.stream()
                .map(listener -> new Mailbox(listener, threads))
                .toList();
        boolean started = false;
        try {
            boxes.forEach(box -> box.thread.start());
            started = true;
        } finally {
            if (!started) {
                close(Mailbox.STOP, Duration.ZERO);
            }
        }
    }

    @Override
    public boolean wanted() {
        return !boxes.isEmpty();
    }

    @Override
    public void publish(Consumer<TraceListener> event) {
        for (Mailbox box : boxes) {
            if (!box.queue.offer(event)) {
                dropped.incrementAndGet();
            }
        }
    }

    @Override
    public boolean publishToAll(Consumer<TraceListener> event) {
        if (boxes.stream().anyMatch(box -> box.queue.remainingCapacity() == 0)) {
            dropped.incrementAndGet();
            return false;
        }
        publish(event);
        return true;
    }

    /** How many events found a full mailbox. */
    long dropped() {
        return dropped.get();
    }

    /**
     * Brings the last event, and waits until the listeners have got all, for so long at the most; one that is not done
     * by then gets no more. A listener that calls this gets the rest when it returns.
     */
    public void close(Consumer<TraceListener> last, Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        boolean interrupted = false;
        for (Mailbox box : boxes) {
            box.last = last;
            box.queue.offer(Mailbox.STOP);
            box.stopping = true;
        }
        for (Mailbox box : boxes) {
            if (box.thread == Thread.currentThread()) {
                continue;
            }
            interrupted |= join(box.thread, deadline);
            if (box.thread.isAlive()) {
                LOG.log(Level.WARNING, "a listener did not take all events in time: " + box.listener.getClass());
                box.abandoned = true;
                box.thread.interrupt();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for a thread, until the deadline at the most; whether the calling one was interrupted meanwhile. */
    private static boolean join(Thread thread, long deadline) {
        boolean interrupted = false;
        do {
            try {
                thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        } while (thread.isAlive() && deadline - System.nanoTime() > 0);
        return interrupted;
    }

    private static final class Mailbox implements Runnable {
        static final Consumer<TraceListener> STOP = listener -> {};

        final TraceListener listener;
        final LinkedBlockingQueue<Consumer<TraceListener>> queue = new LinkedBlockingQueue<>(CAPACITY);
        final Thread thread;
        volatile Consumer<TraceListener> last = STOP;
        volatile boolean stopping;
        volatile boolean abandoned;

        Mailbox(TraceListener listener, ThreadFactory threads) {
            this.listener = listener;
            thread = threads.newThread(this);
            thread.setName("sched-trace-listener");
        }

        @Override
        public void run() {
            while (!abandoned) {
                Consumer<TraceListener> event = next();
                if (event == null || event == STOP) {
                    deliver(last);
                    return;
                }
                deliver(event);
            }
        }

        /** Null if there is none and none will come. */
        private @Nullable Consumer<TraceListener> next() {
            while (!stopping) {
                try {
                    return queue.take();
                } catch (InterruptedException e) {
                    LOG.log(Level.DEBUG, "a listener's thread goes on though it was interrupted");
                }
            }
            return queue.poll();
        }

        /** A listener that leaves its thread interrupted, as one should, hears the rest all the same. */
        private void deliver(Consumer<TraceListener> event) {
            try {
                event.accept(listener);
            } catch (Throwable e) {
                complain(e);
            } finally {
                if (!abandoned) {
                    Thread.interrupted();
                }
            }
        }

        /** What has been thrown may be the listener's own class, and throw again when it is looked at. */
        private void complain(Throwable thrown) {
            String what = "a listener failed: " + listener.getClass().getName();
            try {
                LOG.log(Level.WARNING, what, thrown);
            } catch (Throwable e) {
                complainBriefly(what + ", by " + thrown.getClass().getName());
            }
        }

        /** Without memory even for that, the listener goes on without a word. */
        private static void complainBriefly(String what) {
            try {
                LOG.log(Level.WARNING, what);
            } catch (Throwable e) {
                Thread.onSpinWait();
            }
        }
    }
}
