package io.schedtrace.internal.session;

import io.schedtrace.internal.backend.Feed;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits until what a session follows has ended. Deadlines are times of {@link System#nanoTime()}. */
final class Completion {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long MISSED_CONNECTIONS_NANOS = 50 * NANOS_PER_MILLI;
    private static final long MISSED_PROCESSES_NANOS = 1000 * NANOS_PER_MILLI;

    private final Feed feed;
    private final MissedProcesses missed;

    Completion(Feed feed, MissedProcesses missed) {
        this.feed = feed;
        this.missed = missed;
    }

    /** The deadline that is so far away; some far day if the number cannot hold it. */
    static long after(Duration time) {
        return System.nanoTime() + Math.min(TimeUnit.NANOSECONDS.convert(time), Long.MAX_VALUE / 2);
    }

    /** Has those who wait look again. */
    synchronized void wake() {
        notifyAll();
    }

    /** Whether no process is left. */
    boolean processesHaveEnded() {
        return feed.processes() <= missed.count();
    }

    private boolean hasEnded(boolean connectionsToo) {
        return processesHaveEnded() && (!connectionsToo || feed.connections() == 0);
    }

    /** Waits until every process has ended, and looks meanwhile for those whose end the producer has missed. */
    boolean awaitProcesses(long deadline) throws InterruptedException {
        while (true) {
            long next = Math.min(deadline, System.nanoTime() + MISSED_PROCESSES_NANOS);
            if (await(next, false)) {
                return true;
            }
            if (next == deadline) {
                return false;
            }
            missed.look();
        }
    }

    /** Waits until every connection has ended, and looks meanwhile for ends that the producer has missed. */
    void awaitConnections(long deadline) throws InterruptedException {
        long next;
        do {
            feed.findMissedEnds();
            next = Math.min(deadline, System.nanoTime() + MISSED_CONNECTIONS_NANOS);
        } while (!await(next, true) && next - deadline < 0);
    }

    /** Waits until all processes have ended, and all connections if asked for; whether they have by the deadline. */
    synchronized boolean await(long deadline, boolean connectionsToo) throws InterruptedException {
        while (!hasEnded(connectionsToo)) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            wait(left / NANOS_PER_MILLI, (int) (left % NANOS_PER_MILLI));
        }
        return true;
    }
}
