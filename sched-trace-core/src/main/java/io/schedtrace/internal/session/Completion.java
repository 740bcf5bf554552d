package io.schedtrace.internal.session;

import io.schedtrace.internal.backend.Feed;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Waits until what a session follows has ended or changed. Deadlines are times of {@link System#nanoTime()}. Virtual
 * threads wait without their carrier, so there is no monitor.
 */
final class Completion {
    private static final long MISSED_CONNECTIONS_NANOS = 50_000_000;
    private static final long MISSED_PROCESSES_NANOS = 1_000_000_000;

    private final Feed feed;
    private final MissedProcesses missed;
    private final LongSupplier version;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final AtomicInteger watchers = new AtomicInteger();
    private long known;
    private long changes;

    /** @param version another number after each change of the trace */
    Completion(Feed feed, MissedProcesses missed, LongSupplier version) {
        this.feed = feed;
        this.missed = missed;
        this.version = version;
    }

    /** The deadline that is so far away; some far day if the number cannot hold it. */
    static long after(Duration time) {
        return System.nanoTime() + Math.min(TimeUnit.NANOSECONDS.convert(time), Long.MAX_VALUE / 2);
    }

    /** Called when the reader has read what there was. Has those who wait look again if that matters to them. */
    void drained() {
        boolean watched = watchers.get() > 0;
        if (!watched && feed.processes() > 0) {
            return;
        }
        long now = watched ? version.getAsLong() : 0;
        lock.lock();
        try {
            if (watched && now != known) {
                known = now;
                changes++;
            }
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Called when the session has closed. Has all who wait look again. */
    void closed() {
        lock.lock();
        try {
            changes++;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** From now on, changes are counted. */
    void beginWatch() {
        watchers.incrementAndGet();
    }

    /** Ends one {@link #beginWatch()}. */
    void endWatch() {
        watchers.decrementAndGet();
    }

    /** How many changes were noticed, each of any number of records. */
    long changes() {
        lock.lock();
        try {
            return changes;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for another number of changes, and looks meanwhile for ends that the producer has missed. */
    boolean awaitChange(long seen, long deadline) throws InterruptedException {
        return await(deadline, () -> changes != seen, () -> {
            missed.look();
            feed.findMissedEnds();
        });
    }

    /** Whether no process is left. Once the producer has stopped, only the processes that it knew count. */
    boolean processesHaveEnded() {
        return feed.cut() != null ? missed.allAreGone() : feed.processes() <= missed.count();
    }

    private boolean allHasEnded() {
        return processesHaveEnded() && feed.connections() == 0 && feed.listeners() == 0;
    }

    /** Waits until every process has ended, and looks meanwhile for those whose end the producer has missed. */
    boolean awaitProcesses(long deadline) throws InterruptedException {
        return await(deadline, this::processesHaveEnded, missed::look);
    }

    /** As {@link #awaitProcesses}, without the look for those whose end the producer has missed. */
    boolean awaitRecordedEnds(long deadline) throws InterruptedException {
        return await(deadline, this::processesHaveEnded);
    }

    /**
     * Waits until every connection and listener has ended, and looks meanwhile for ends that the producer has missed.
     */
    void awaitSockets(long deadline) throws InterruptedException {
        long next;
        do {
            feed.findMissedEnds();
            next = Math.min(deadline, System.nanoTime() + MISSED_CONNECTIONS_NANOS);
        } while (!await(next, this::allHasEnded) && next - deadline < 0);
    }

    /** Waits for a condition, and looks every second for what the producer has missed. */
    private boolean await(long deadline, BooleanSupplier condition, Runnable look) throws InterruptedException {
        while (true) {
            long next = Math.min(deadline, System.nanoTime() + MISSED_PROCESSES_NANOS);
            if (await(next, condition)) {
                return true;
            }
            if (next == deadline) {
                return false;
            }
            look.run();
        }
    }

    private boolean await(long deadline, BooleanSupplier condition) throws InterruptedException {
        lock.lock();
        try {
            while (!condition.getAsBoolean()) {
                if (news.awaitNanos(deadline - System.nanoTime()) <= 0 && !condition.getAsBoolean()) {
                    return false;
                }
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
