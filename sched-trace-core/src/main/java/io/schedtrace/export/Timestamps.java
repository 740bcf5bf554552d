package io.schedtrace.export;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import org.jspecify.annotations.Nullable;

/** Times as RFC 3339 in UTC with nine fractional digits: {@code 2025-10-28T22:15:30.123456789Z}. */
final class Timestamps {
    private static final int NANOSECOND_DIGITS = 9;
    private static final DateTimeFormatter FORMAT =
            new DateTimeFormatterBuilder().appendInstant(NANOSECOND_DIGITS).toFormatter();

    private Timestamps() {}

    static String format(Instant time) {
        return FORMAT.format(time);
    }

    /** As {@link #format}; null stays null. */
    static @Nullable String formatOrNull(@Nullable Instant time) {
        return time == null ? null : format(time);
    }
}
