package io.schedtrace.lab;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Wall-clock times as nanoseconds since 1970, as Python's {@code time.time_ns()} tells them. */
public final class Clock {
    private Clock() {}

    public static long nanos(@Nullable Instant instant) {
        Instant time = Objects.requireNonNull(instant);
        return time.getEpochSecond() * 1_000_000_000 + time.getNano();
    }

    public static long nanos(Observed seen, String fact) {
        return Long.parseLong(seen.fact(fact));
    }
}
