package io.schedtrace.export;

import io.schedtrace.model.Span;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

/**
 * The time that spans take.
 *
 * @param start the beginning of the first; the epoch if there are none
 * @param length up to the end of the last, or to the snapshot
 */
record TimeRange(Instant start, Duration length) {
    private static final BigInteger NANOS = BigInteger.valueOf(1_000_000_000);

    static TimeRange of(Collection<? extends Span> spans) {
        Instant start =
                spans.stream().map(Span::startTime).min(Instant::compareTo).orElse(Instant.EPOCH);
        Instant end = spans.stream()
                .map(span -> span.startTime().plus(span.duration()))
                .max(Instant::compareTo)
                .orElse(start);
        return new TimeRange(start, Duration.between(start, end));
    }

    /** Nanoseconds from the start to {@code time}. */
    long offset(Instant time) {
        return Duration.between(start, time).toNanos();
    }

    /** Nanoseconds since 1970. */
    static BigInteger epochNanos(Instant time) {
        return BigInteger.valueOf(time.getEpochSecond()).multiply(NANOS).add(BigInteger.valueOf(time.getNano()));
    }
}
