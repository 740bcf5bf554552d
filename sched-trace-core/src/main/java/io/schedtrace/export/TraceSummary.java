package io.schedtrace.export;

import io.schedtrace.Loss;
import io.schedtrace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The last lines of {@link TreeText}: how much there is, and what is missing. */
final class TraceSummary {
    private TraceSummary() {}

    static String of(Trace trace, Labels labels, Palette palette) {
        String counts = Human.count(trace.processes().size(), "process", "processes") + ", "
                + Human.count(trace.connections().size(), "connection", "connections") + ", trace " + trace.traceId()
                + labelled(labels);
        List<String> losses = losses(trace.loss());
        return palette.detail(counts)
                + (losses.isEmpty() ? "" : "\n" + palette.failure("✗ LOST: " + String.join(", ", losses)));
    }

    private static String labelled(Labels labels) {
        StringBuilder out = new StringBuilder();
        if (labels.name() != null) {
            out.append(", ").append(CommandLine.argument(labels.name()));
        }
        labels.attributes()
                .forEach(
                        (key, value) -> out.append(", ").append(key).append('=').append(CommandLine.argument(value)));
        return out.toString();
    }

    /** What was lost, in words; empty for nothing. */
    static List<String> losses(Loss loss) {
        List<String> parts = new ArrayList<>();
        if (loss.records() > 0) {
            parts.add(Human.count(loss.records(), "kernel record", "kernel records") + " (" + byType(loss) + ")");
        }
        if (loss.untracked() > 0) {
            parts.add(Human.count(
                    loss.untracked(), "process or socket that had no tag", "processes or sockets that had no tag"));
        }
        if (loss.listenerEvents() > 0) {
            parts.add(Human.count(loss.listenerEvents(), "event of a slow listener", "events of slow listeners"));
        }
        return parts;
    }

    private static String byType(Loss loss) {
        return loss.recordsByType().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> Printable.escape(entry.getKey()) + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    }
}
