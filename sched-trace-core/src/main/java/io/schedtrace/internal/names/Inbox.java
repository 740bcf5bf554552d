package io.schedtrace.internal.names;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A bounded queue for one consumer thread. Others can wait until it has handled the items. */
final class Inbox<T> {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrival = lock.newCondition();
    private final Condition progress = lock.newCondition();
    private final ArrayDeque<T> items = new ArrayDeque<>();
    private final int capacity;
    private long added;
    private volatile long handled;
    private long dropped;
    private boolean closed;
    private volatile boolean hung;

    Inbox(int capacity) {
        this.capacity = capacity;
    }

    /** Adds an item without waiting. If the queue is full, the item is dropped and counted. */
    void offer(T item) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            if (items.size() >= capacity) {
                dropped++;
                return;
            }
            items.add(item);
            added++;
            arrival.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the next item, which is pending until {@link #handled()}; returns null when the inbox is closed. */
    @Nullable
    T take() {
        lock.lock();
        try {
            while (items.isEmpty() && !closed) {
                arrival.awaitUninterruptibly();
            }
            return items.poll();
        } finally {
            lock.unlock();
        }
    }

    /** Marks the item that was taken last as handled. */
    void handled() {
        lock.lock();
        try {
            handled++;
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns how many items have been handled. */
    long handledSoFar() {
        return handled;
    }

    /** Waits until all items added so far are handled; returns false at {@code deadline} or when closed. */
    boolean awaitHandled(long deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long upTo = added;
            while (handled < upTo && !closed) {
                long left = deadline - System.nanoTime();
                if (left <= 0 || (progress.awaitNanos(left) <= 0 && handled < upTo)) {
                    return false;
                }
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Like {@link #awaitHandled}, for {@code nanos} or 5 s, whichever is longer. After a wait that failed, the consumer
     * counts as hung, and the next wait takes no more than {@code nanos}.
     */
    boolean awaitHandledPatiently(long nanos) throws InterruptedException {
        boolean done = awaitHandled(deadline(hung ? nanos : Math.max(nanos, PATIENCE_NANOS)));
        hung = !done;
        return done;
    }

    /** Returns how many items were dropped. */
    long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    /** Drops all items and ends all waits. */
    void close() {
        lock.lock();
        try {
            closed = true;
            items.clear();
            arrival.signalAll();
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns the {@link System#nanoTime()} at {@code nanos} from now, at most a year. */
    static long deadline(long nanos) {
        return System.nanoTime() + Math.min(nanos, TimeUnit.DAYS.toNanos(365));
    }
}
