package io.schedtrace.internal.names;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A bounded queue to one thread, which knows how far that thread has come. */
final class Inbox<T> {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrival = lock.newCondition();
    private final Condition progress = lock.newCondition();
    private final ArrayDeque<T> items = new ArrayDeque<>();
    private final int capacity;
    private long added;
    private long handled;
    private long dropped;
    private boolean closed;
    private volatile boolean hangs;

    Inbox(int capacity) {
        this.capacity = capacity;
    }

    /** Adds an item without waiting; if there is no room it is dropped and counted. */
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

    /** Waits for the next item; null when the inbox is closed. The item counts as pending until {@link #handled()}. */
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

    /** The item that was taken last is done. */
    void handled() {
        lock.lock();
        try {
            handled++;
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all items added so far are handled; false if that took until {@code deadline}, or at close. */
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
     * The same, for {@code nanos} or 5 s if that is longer: the thread only computes. Once it has taken that long, it
     * hangs, and gets no more than {@code nanos}.
     */
    boolean awaitHandledPatiently(long nanos) throws InterruptedException {
        boolean done = awaitHandled(deadline(hangs ? nanos : Math.max(nanos, PATIENCE_NANOS)));
        hangs = !done;
        return done;
    }

    long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    /** Drops what is pending and ends all waits. */
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

    /** The nanosecond time {@code nanos} from now, for {@link System#nanoTime()} differences. */
    static long deadline(long nanos) {
        return System.nanoTime() + Math.min(nanos, TimeUnit.DAYS.toNanos(365));
    }
}
