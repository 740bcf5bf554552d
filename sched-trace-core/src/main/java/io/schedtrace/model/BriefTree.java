package io.schedtrace.model;

import io.schedtrace.internal.text.TreeWalk;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A tree that is cut to a few lines: equal leaves are one line with their number, and deep levels are left out. */
final class BriefTree {
    private static final int MOST_LINES = 60;
    private static final int DEEPEST = 10;

    private final Trace trace;
    private final SpanText text;

    /** Equal siblings. The first one stands for all. */
    private static final class Row {
        private final Span first;
        private final int depth;
        private Span last;
        private int count = 1;

        Row(Span first, int depth) {
            this.first = first;
            this.depth = depth;
            last = first;
        }
    }

    BriefTree(Trace trace, SpanText text) {
        this.trace = trace;
        this.text = text;
    }

    /** Appends the lines, each with its end. */
    void appendTo(StringBuilder out) {
        int[] lines = {0};
        int[] left = {0};
        new TreeWalk<>(rows(trace.top(), 0), this::below).forEach((before, row) -> {
            if (lines[0] == MOST_LINES) {
                left[0] += row.count;
                return;
            }
            lines[0]++;
            boolean cut = row.depth == DEEPEST && !trace.below(row.first).isEmpty();
            out.append(before)
                    .append(line(row))
                    .append(cut ? "  … deeper levels are left out" : "")
                    .append('\n');
        });
        if (left[0] > 0) {
            out.append("… ").append(left[0]).append(" more are left out\n");
        }
    }

    private String line(Row row) {
        if (row.count == 1) {
            return row.first.accept(text);
        }
        return row.first instanceof ProcessSpan first && row.last instanceof ProcessSpan last
                ? text.processes(first, last, row.count)
                : row.first.accept(text) + " x " + row.count;
    }

    private List<Row> below(Row row) {
        return row.depth == DEEPEST ? List.of() : rows(trace.below(row.first), row.depth + 1);
    }

    private List<Row> rows(List<? extends Span> spans, int depth) {
        List<Row> rows = new ArrayList<>();
        Map<String, Row> leaves = new LinkedHashMap<>();
        for (Span span : spans) {
            boolean leaf = trace.below(span).isEmpty();
            Row equal = leaf ? leaves.get(text.withoutNumbers(span)) : null;
            if (equal != null) {
                equal.last = span;
                equal.count++;
                continue;
            }
            Row row = new Row(span, depth);
            rows.add(row);
            if (leaf) {
                leaves.put(text.withoutNumbers(span), row);
            }
        }
        return rows;
    }
}
