package io.schedtrace.model;

import io.schedtrace.internal.text.Human;
import io.schedtrace.internal.text.Palette;
import io.schedtrace.internal.text.ShellWord;
import java.util.List;

/** The last lines of {@link TreeText}: how much there is, and what is missing. */
final class SummaryLine {
    private SummaryLine() {}

    static String of(Trace trace, Labels labels, Palette palette) {
        String counts = Human.count(trace.processes().size(), "process", "processes") + ", "
                + Human.count(trace.connections().size(), "connection", "connections") + listeners(trace) + ", trace "
                + trace.traceId()
                + labelled(labels);
        List<String> losses = trace.loss().describe();
        return palette.detail(counts)
                + (losses.isEmpty() ? "" : "\n" + palette.failure("✗ LOST: " + String.join(", ", losses)));
    }

    private static String listeners(Trace trace) {
        return trace.listeners().isEmpty()
                ? ""
                : ", " + Human.count(trace.listeners().size(), "listener", "listeners");
    }

    private static String labelled(Labels labels) {
        StringBuilder out = new StringBuilder();
        if (labels.name() != null) {
            out.append(", ").append(ShellWord.of(labels.name()));
        }
        labels.attributes()
                .forEach(
                        (key, value) -> out.append(", ").append(key).append('=').append(ShellWord.of(value)));
        return out.toString();
    }
}
