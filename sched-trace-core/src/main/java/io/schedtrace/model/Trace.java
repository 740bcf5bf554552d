package io.schedtrace.model;

import io.schedtrace.Tracer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An immutable picture of a session: its processes and connections at one moment. */
public final class Trace {
    private final TraceId traceId;
    private final @Nullable SpanId parentSpanId;
    private final @Nullable ScopeSpan scope;
    private final List<ProcessSpan> processes;
    private final List<TcpSpan> connections;
    private final Loss loss;
    private final Map<SpanId, ProcessSpan> byId = new HashMap<>();
    private final Map<SpanId, List<ProcessSpan>> children = new HashMap<>();
    private final Map<SpanId, List<TcpSpan>> connectionsOf = new HashMap<>();
    private final List<ProcessSpan> roots = new ArrayList<>();

    /**
     * Makes one of its spans.
     *
     * @param traceId the id that all spans carry
     * @param parentSpanId the span that the roots are children of; null for none
     * @param processes the processes in the order of their forks
     * @param connections the connections in the order of their beginning
     * @param loss what is missing
     */
    public Trace(
            TraceId traceId,
            @Nullable SpanId parentSpanId,
            List<ProcessSpan> processes,
            List<TcpSpan> connections,
            Loss loss) {
        this(traceId, null, parentSpanId, processes, connections, loss);
    }

    /**
     * Makes one of its spans, with the scope that they are children of.
     *
     * @param scope the session's own span
     * @param processes the processes in the order of their forks
     * @param connections the connections in the order of their beginning
     * @param loss what is missing
     */
    public Trace(ScopeSpan scope, List<ProcessSpan> processes, List<TcpSpan> connections, Loss loss) {
        this(scope.traceId(), scope, scope.spanId(), processes, connections, loss);
    }

    private Trace(
            TraceId traceId,
            @Nullable ScopeSpan scope,
            @Nullable SpanId parentSpanId,
            List<ProcessSpan> processes,
            List<TcpSpan> connections,
            Loss loss) {
        this.traceId = traceId;
        this.scope = scope;
        this.parentSpanId = parentSpanId;
        this.processes = List.copyOf(processes);
        this.connections = List.copyOf(connections);
        this.loss = loss;
        processes.forEach(process -> byId.put(process.spanId(), process));
        for (ProcessSpan process : processes) {
            SpanId parent = process.parentSpanId();
            if (parent == null || !byId.containsKey(parent)) {
                roots.add(process);
            } else {
                children.computeIfAbsent(parent, id -> new ArrayList<>()).add(process);
            }
        }
        for (TcpSpan connection : connections) {
            SpanId owner = connection.processSpanId();
            if (owner != null) {
                connectionsOf.computeIfAbsent(owner, id -> new ArrayList<>()).add(connection);
            }
        }
    }

    /** The id that all spans carry. */
    public TraceId traceId() {
        return traceId;
    }

    /** The span that the roots are children of; null for none. That of the {@link #scope()}, if there is one. */
    public @Nullable SpanId parentSpanId() {
        return parentSpanId;
    }

    /** The session's own span, for example the test; null if it has none, as with {@link Tracer#launch(String...)}. */
    public @Nullable ScopeSpan scope() {
        return scope;
    }

    /** All processes, in the order of their forks. */
    public List<ProcessSpan> processes() {
        return processes;
    }

    /** All connections, in the order of their beginning. */
    public List<TcpSpan> connections() {
        return connections;
    }

    /** What is missing. */
    public Loss loss() {
        return loss;
    }

    /** The processes whose parent is not in the trace: the command, for {@link Tracer#launch(String...)}. */
    public List<ProcessSpan> roots() {
        return List.copyOf(roots);
    }

    /** The first of {@link #roots()}; null in a trace without processes. */
    public @Nullable ProcessSpan root() {
        return roots.isEmpty() ? null : roots.get(0);
    }

    /** The process with that span id, or null. */
    public @Nullable ProcessSpan process(SpanId spanId) {
        return byId.get(spanId);
    }

    /** The processes that {@code process} forked, in order. */
    public List<ProcessSpan> children(ProcessSpan process) {
        return List.copyOf(children.getOrDefault(process.spanId(), List.of()));
    }

    /** The connections that {@code process} owns, in order. */
    public List<TcpSpan> connections(ProcessSpan process) {
        return List.copyOf(connectionsOf.getOrDefault(process.spanId(), List.of()));
    }

    /** The spans at the top of the tree: the {@link #scope()} if there is one, else what {@link #below} it would be. */
    public List<Span> top() {
        return scope == null ? belowScope() : List.of(scope);
    }

    /**
     * The spans directly under one, in the order of a picture of the tree: under a process its connections, then the
     * processes that it forked; under the scope the connections whose process is not in the trace, then the roots.
     */
    public List<Span> below(Span span) {
        if (span instanceof ProcessSpan process) {
            List<Span> below = new ArrayList<>(connections(process));
            below.addAll(children(process));
            return below;
        }
        return span instanceof ScopeSpan ? belowScope() : List.of();
    }

    private List<Span> belowScope() {
        List<Span> spans = new ArrayList<>();
        for (TcpSpan connection : connections) {
            SpanId owner = connection.processSpanId();
            if (owner == null || !byId.containsKey(owner)) {
                spans.add(connection);
            }
        }
        spans.addAll(roots);
        return spans;
    }

    /** Whether nothing was lost and every span has ended and is whole. */
    public boolean isComplete() {
        return loss.none()
                && processes.stream().allMatch(ProcessSpan::complete)
                && connections.stream().allMatch(TcpSpan::complete);
    }

    /** A picture of the tree for people: a line a process, its connections under it. The form may change. */
    @Override
    public String toString() {
        return TreeText.plain().format(this);
    }
}
