package io.schedtrace.internal.assemble;

import java.time.Instant;

/**
 * Turns CLOCK_MONOTONIC into wall-clock time.
 *
 * @param offsetNanos what to add, measured once a session
 */
public record WallClock(long offsetNanos) {
    private static final long SECOND = 1_000_000_000;

    /** The wall-clock time of a CLOCK_MONOTONIC time in nanoseconds. */
    public Instant at(long monotonicNanos) {
        long nanos = monotonicNanos + offsetNanos;
        return Instant.ofEpochSecond(Math.floorDiv(nanos, SECOND), Math.floorMod(nanos, SECOND));
    }
}
