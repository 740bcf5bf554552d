package io.schedtrace.model;

import io.schedtrace.internal.text.BriefList;
import io.schedtrace.internal.text.BriefList.Fold;
import io.schedtrace.internal.text.TreeWalk;
import java.util.List;

/** A tree that is cut to a few lines: equal leaves are one line with their number, and deep levels are left out. */
final class BriefTree {
    private static final int MOST_LINES = 60;
    private static final int DEEPEST = 10;

    private final Trace trace;
    private final SpanText text;

    /** Equal siblings. The first one stands for all. */
    private record Row(Fold<Span> spans, int depth) {
        Span first() {
            return spans.first();
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
                left[0] += row.spans.count();
                return;
            }
            lines[0]++;
            boolean cut = row.depth == DEEPEST && !trace.below(row.first()).isEmpty();
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
        int count = row.spans.count();
        if (count == 1) {
            return row.first().accept(text);
        }
        return row.first() instanceof ProcessSpan first && row.spans.last() instanceof ProcessSpan last
                ? text.processes(first, last, count)
                : row.first().accept(text) + " x " + count;
    }

    private List<Row> below(Row row) {
        return row.depth == DEEPEST ? List.of() : rows(trace.below(row.first()), row.depth + 1);
    }

    /** Only leaves are folded. */
    private List<Row> rows(List<Span> spans, int depth) {
        return BriefList.<Span>fold(spans, span -> trace.below(span).isEmpty() ? text.withoutNumbers(span) : null)
                .stream()
                .map(fold -> new Row(fold, depth))
                .toList();
    }
}
