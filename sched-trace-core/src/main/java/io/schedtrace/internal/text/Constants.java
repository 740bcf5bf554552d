package io.schedtrace.internal.text;

import java.util.Locale;

/** Constants of enums as output formats write them. */
public final class Constants {
    private Constants() {}

    /** {@code timed_out} for {@code TIMED_OUT}. */
    public static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** {@code timed out} for {@code TIMED_OUT}. */
    public static String words(Enum<?> value) {
        return lower(value).replace('_', ' ');
    }
}
