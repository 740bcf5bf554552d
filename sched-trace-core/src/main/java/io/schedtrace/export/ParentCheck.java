package io.schedtrace.export;

import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.SpanId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks that the parents of processes make a tree. */
final class ParentCheck {
    private ParentCheck() {}

    /** Returns a process that is its own ancestor; null if there is none. */
    static @Nullable SpanId loop(List<ProcessSpan> processes) {
        Map<SpanId, SpanId> parents = new HashMap<>();
        for (ProcessSpan process : processes) {
            SpanId parent = process.parentSpanId();
            if (parent != null) {
                parents.put(process.spanId(), parent);
            }
        }
        Set<SpanId> checked = new HashSet<>();
        for (SpanId start : parents.keySet()) {
            Set<SpanId> way = new HashSet<>();
            SpanId at = start;
            while (at != null && !checked.contains(at)) {
                if (!way.add(at)) {
                    return at;
                }
                at = parents.get(at);
            }
            checked.addAll(way);
        }
        return null;
    }
}
