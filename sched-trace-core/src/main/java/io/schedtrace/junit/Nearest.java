package io.schedtrace.junit;

import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;

/** Finds what somebody has meant who made a typing mistake. */
final class Nearest {
    private static final int CLOSE = 2;

    private Nearest() {}

    /** The name that takes the fewest changes of letters; capitals do not count. */
    static String of(String mistake, Stream<String> names) {
        return names.min(Comparator.comparingInt(
                        name -> changes(mistake.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT))))
                .orElseThrow();
    }

    /** {@code "; did you mean ...?"} if there is a name that takes one or two changes, or nothing. */
    static String suggestion(String mistake, Stream<String> names) {
        String nearest = of(mistake, names);
        return changes(mistake, nearest) <= CLOSE ? "; did you mean " + nearest + "?" : "";
    }

    /** How many letters must be changed, added or removed. */
    private static int changes(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
