package io.schedtrace.assertj;

import java.time.Duration;
import java.util.function.Predicate;

/**
 * Which durations will do: {@link TraceAssertions#lessThan(Duration)}, {@link TraceAssertions#atLeast(Duration)} or {@link
 * TraceAssertions#between(Duration, Duration)}. Immutable.
 */
public final class DurationBound {
    private final Predicate<Duration> holds;
    private final String text;

    private DurationBound(Predicate<Duration> holds, String text) {
        this.holds = holds;
        this.text = text;
    }

    static DurationBound lessThan(Duration limit) {
        return new DurationBound(duration -> duration.compareTo(limit) < 0, "less than " + Described.duration(limit));
    }

    static DurationBound atLeast(Duration limit) {
        return new DurationBound(duration -> duration.compareTo(limit) >= 0, "at least " + Described.duration(limit));
    }

    static DurationBound between(Duration shortest, Duration longest) {
        String text = Described.duration(shortest) + " to " + Described.duration(longest);
        if (shortest.compareTo(longest) > 0) {
            throw new IllegalArgumentException("no duration is from " + text + "; the shortest comes first");
        }
        return new DurationBound(
                duration -> duration.compareTo(shortest) >= 0 && duration.compareTo(longest) <= 0, text);
    }

    boolean holds(Duration duration) {
        return holds.test(duration);
    }

    /** {@code less than 1.5 s}, {@code at least 1.5 s}, {@code 1.5 s to 2 s}. */
    @Override
    public String toString() {
        return text;
    }
}
