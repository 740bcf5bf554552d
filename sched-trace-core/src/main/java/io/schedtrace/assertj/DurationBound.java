package io.schedtrace.assertj;

import java.time.Duration;

/**
 * Which durations will do: {@link TraceAssertions#lessThan(Duration)} or {@link TraceAssertions#atLeast(Duration)}.
 * Immutable.
 */
public final class DurationBound {
    private final Duration limit;
    private final boolean upper;

    DurationBound(Duration limit, boolean upper) {
        this.limit = limit;
        this.upper = upper;
    }

    boolean holds(Duration duration) {
        return upper == (duration.compareTo(limit) < 0);
    }

    /** {@code less than 1.5 s}. */
    @Override
    public String toString() {
        return (upper ? "less than " : "at least ") + Described.duration(limit);
    }
}
