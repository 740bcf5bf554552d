package io.schedtrace.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Figures in Markdown: medians with the half width of their 95 % confidence interval, and the middle half in brackets. */
final class Table {
    private final List<List<String>> rows = new ArrayList<>();

    void row(String... cells) {
        rows.add(List.of(cells));
    }

    void print() {
        for (int i = 0; i < rows.size(); i++) {
            System.out.println("| " + String.join(" | ", rows.get(i)) + " |");
            if (i == 0) {
                System.out.println("|" + "---|".repeat(rows.get(0).size()));
            }
        }
        System.out.println();
    }

    static String spread(List<Double> values, String format) {
        double half = 0.98 / Math.sqrt(values.size());
        return String.format(
                Locale.ROOT,
                format + " ± " + format + " [" + format + " .. " + format + "]",
                quantile(values, 0.5),
                (quantile(values, Math.min(1, 0.5 + half)) - quantile(values, Math.max(0, 0.5 - half))) / 2,
                quantile(values, 0.25),
                quantile(values, 0.75));
    }

    /** By linear interpolation. */
    static double quantile(List<Double> values, double q) {
        List<Double> sorted = values.stream().sorted().toList();
        double at = q * (sorted.size() - 1);
        int below = (int) at;
        double upper = sorted.get(Math.min(below + 1, sorted.size() - 1));
        return sorted.get(below) + (at - below) * (upper - sorted.get(below));
    }
}
