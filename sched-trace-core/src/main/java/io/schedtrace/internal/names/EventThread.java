package io.schedtrace.internal.names;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Handles the events of a session, one after another, on a daemon thread. The first event starts it, so that a session in
 * which nothing happens costs no thread. Thread-safe.
 */
final class EventThread {
    private final Inbox<Runnable> inbox;
    private final ThreadFactory threads;
    private final SourceRunner guard;
    private final AtomicLong failed = new AtomicLong();
    private volatile @Nullable Thread thread;
    private boolean closed;

    /** @param guard logs what events throw */
    EventThread(int capacity, ThreadFactory threads, SourceRunner guard) {
        this.inbox = new Inbox<>(capacity);
        this.threads = threads;
        this.guard = guard;
    }

    /** Adds an event without waiting. */
    void offer(Runnable event) {
        begin();
        inbox.offer(event);
    }

    /** Starts the thread unless it runs; returns whether it does. If there can be none now, the next call tries again. */
    boolean begin() {
        return thread != null || start();
    }

    private synchronized boolean start() {
        if (thread == null && !closed) {
            try {
                Thread made = threads.newThread(this::work);
                made.setName("sched-trace-hosts");
                made.start();
                thread = made;
            } catch (OutOfMemoryError e) {
                failed.incrementAndGet();
            }
        }
        return thread != null;
    }

    /** See {@link Inbox#awaitHandledPatiently}; returns false at once without a thread, and on the thread itself. */
    boolean awaitHandled(long nanos) throws InterruptedException {
        Thread started = thread;
        return started != null && started != Thread.currentThread() && inbox.awaitHandledPatiently(nanos);
    }

    /** Returns how many events have been handled. */
    long handledSoFar() {
        return inbox.handledSoFar();
    }

    /** Returns how many events were dropped. */
    long dropped() {
        return inbox.dropped();
    }

    /** Returns how many events failed, and how many times the thread could not be started. */
    long failed() {
        return failed.get();
    }

    /** Drops all events and ends the thread. */
    void close() {
        inbox.close();
        synchronized (this) {
            closed = true;
            Thread started = thread;
            if (started != null) {
                started.interrupt();
            }
        }
    }

    /** Nothing ends the thread before the session is closed, not even a lack of memory. */
    private void work() {
        boolean more = true;
        while (more) {
            try {
                more = workOnce();
            } catch (Throwable e) {
                failed.incrementAndGet();
            }
            Thread.interrupted();
        }
    }

    /** Handles one event, in its own stack frame so that no reference to its image remains while the thread waits. */
    private boolean workOnce() {
        Runnable event = inbox.take();
        if (event == null) {
            return false;
        }
        try {
            guard.guard(this, event);
        } finally {
            inbox.handled();
        }
        return true;
    }
}
