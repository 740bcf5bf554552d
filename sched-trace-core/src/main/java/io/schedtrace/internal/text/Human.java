package io.schedtrace.internal.text;

import java.time.Duration;
import java.util.Locale;

/** Quantities with three digits that count, for people. */
public final class Human {
    private static final String[] TIME_UNITS = {"ns", "µs", "ms", "s"};
    private static final String[] SIZE_UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    private static final int ROUNDS_TO_A_THOUSAND = 999_500;
    private static final int MINUTE = 60;
    private static final int HOUR = 3600;

    private Human() {}

    /** {@code 850 ns}, {@code 12.3 ms}, {@code 1.50 s}, {@code 2 min 05 s}, {@code 1 h 02 min}. */
    public static String duration(Duration duration) {
        long seconds = duration.plusMillis(500).toSeconds();
        if (seconds >= HOUR) {
            return String.format(Locale.ROOT, "%d h %02d min", seconds / HOUR, seconds % HOUR / MINUTE);
        }
        if (seconds >= MINUTE) {
            return String.format(Locale.ROOT, "%d min %02d s", seconds / MINUTE, seconds % MINUTE);
        }
        return scaled(duration.toNanos(), 1000, TIME_UNITS);
    }

    /** {@code 512 B}, {@code 1.21 KiB}, {@code 34.0 MiB}. */
    public static String bytes(long bytes) {
        return scaled(bytes, 1024, SIZE_UNITS);
    }

    /** {@code 1 process}, {@code 12,345 processes}. */
    public static String count(long count, String one, String many) {
        return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? one : many);
    }

    private static String scaled(long value, int base, String[] units) {
        if (value < base) {
            return value + " " + units[0];
        }
        double scaled = value;
        int unit = 0;
        while (scaled * 1000 >= ROUNDS_TO_A_THOUSAND && unit < units.length - 1) {
            scaled /= base;
            unit++;
        }
        int decimals = scaled < 9.995 ? 2 : scaled < 99.95 ? 1 : 0;
        return String.format(Locale.ROOT, "%." + decimals + "f %s", scaled, units[unit]);
    }
}
