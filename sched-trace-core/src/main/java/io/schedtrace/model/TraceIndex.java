package io.schedtrace.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The tree of a trace: its processes by their ids, and what is below each. */
final class TraceIndex {
    private final Map<SpanId, ProcessSpan> byId = new HashMap<>();
    private final Map<SpanId, List<ProcessSpan>> children = new HashMap<>();
    private final Map<SpanId, List<TcpSpan>> connections = new HashMap<>();
    private final Map<SpanId, List<ListenSpan>> listeners = new HashMap<>();
    private final List<ProcessSpan> roots = new ArrayList<>();

    /** Listeners and connections whose process is not in the trace. */
    private final List<Span> ofNoProcess = new ArrayList<>();

    TraceIndex(Trace trace) {
        trace.processes().forEach(process -> byId.put(process.spanId(), process));
        sort(trace.processes(), Span::parentSpanId, children, roots);
        sort(trace.listeners(), ListenSpan::processSpanId, listeners, ofNoProcess);
        sort(trace.connections(), TcpSpan::processSpanId, connections, ofNoProcess);
    }

    private <S extends Span> void sort(
            List<S> spans,
            Function<S, @Nullable SpanId> above,
            Map<SpanId, List<S>> below,
            List<? super S> ofNoProcess) {
        for (S span : spans) {
            SpanId process = above.apply(span);
            if (process == null || !byId.containsKey(process)) {
                ofNoProcess.add(span);
            } else {
                below.computeIfAbsent(process, id -> new ArrayList<>()).add(span);
            }
        }
    }

    @Nullable
    ProcessSpan process(SpanId id) {
        return byId.get(id);
    }

    List<ProcessSpan> roots() {
        return List.copyOf(roots);
    }

    List<ProcessSpan> children(SpanId process) {
        return List.copyOf(children.getOrDefault(process, List.of()));
    }

    List<TcpSpan> connections(SpanId process) {
        return List.copyOf(connections.getOrDefault(process, List.of()));
    }

    List<ListenSpan> listeners(SpanId process) {
        return List.copyOf(listeners.getOrDefault(process, List.of()));
    }

    List<Span> belowSession() {
        List<Span> spans = new ArrayList<>(ofNoProcess);
        spans.addAll(roots);
        return spans;
    }

    /** See {@link Trace#below}. */
    List<Span> below(Span span) {
        return span.accept(new Span.Visitor<>() {
            @Override
            public List<Span> process(ProcessSpan process) {
                List<Span> below = new ArrayList<>(listeners.getOrDefault(process.spanId(), List.of()));
                below.addAll(connections.getOrDefault(process.spanId(), List.of()));
                below.addAll(children.getOrDefault(process.spanId(), List.of()));
                return below;
            }

            @Override
            public List<Span> connection(TcpSpan connection) {
                return List.of();
            }

            @Override
            public List<Span> listener(ListenSpan listener) {
                return List.of();
            }

            @Override
            public List<Span> session(SessionSpan session) {
                return belowSession();
            }
        });
    }
}
