package io.schedtrace.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The processes and connections of a session at one moment.
 *
 * <p>Immutable and safe for use by any thread. Two traces are equal if all their spans, and everything else in them,
 * are equal. Tests can build one:
 *
 * <pre>{@code
 * Trace trace = Trace.builder().processes(List.of(make, cc)).connections(List.of(download)).build();
 * }</pre>
 */
public final class Trace {
    private final Properties fields;
    private final Map<SpanId, ProcessSpan> byId = new HashMap<>();
    private final Map<SpanId, List<ProcessSpan>> children = new HashMap<>();
    private final Map<SpanId, List<TcpSpan>> connectionsOf = new HashMap<>();
    private final List<ProcessSpan> roots = new ArrayList<>();

    private Trace(Properties fields) {
        this.fields = fields;
        processes().forEach(process -> byId.put(process.spanId(), process));
        for (ProcessSpan process : processes()) {
            SpanId parent = process.parentSpanId();
            if (parent == null || !byId.containsKey(parent)) {
                roots.add(process);
            } else {
                children.computeIfAbsent(parent, id -> new ArrayList<>()).add(process);
            }
        }
        for (TcpSpan connection : connections()) {
            SpanId owner = connection.processSpanId();
            if (owner != null) {
                connectionsOf.computeIfAbsent(owner, id -> new ArrayList<>()).add(connection);
            }
        }
    }

    /** Returns a builder with the defaults that it describes. */
    public static Builder builder() {
        return new Builder(new Properties());
    }

    /** Returns a builder with the properties of this trace. */
    public Builder toBuilder() {
        return new Builder(Fields.copy(fields));
    }

    /** The id that all spans carry. */
    public TraceId traceId() {
        return Fields.known(fields.traceId);
    }

    /** The span that the roots are children of: the {@link #session()} if there is one; null for none. */
    public @Nullable SpanId parentSpanId() {
        return fields.parentSpanId;
    }

    /**
     * The session's own span, for example the test; null if it has none, as with {@link
     * io.schedtrace.Tracer#launch(String...)}.
     */
    public @Nullable SessionSpan session() {
        return fields.session;
    }

    /** All processes, in the order of their forks. */
    public List<ProcessSpan> processes() {
        return fields.processes;
    }

    /** All connections, in the order of their beginning. */
    public List<TcpSpan> connections() {
        return fields.connections;
    }

    /** What is missing. */
    public Loss loss() {
        return fields.loss;
    }

    /** How the trace came about. */
    public Via via() {
        return fields.via;
    }

    /**
     * The processes whose parent is not in the trace: the command, for {@link io.schedtrace.Tracer#launch(String...)}.
     */
    public List<ProcessSpan> roots() {
        return List.copyOf(roots);
    }

    /** The first of {@link #roots()}; null in a trace without processes. */
    public @Nullable ProcessSpan root() {
        return roots.isEmpty() ? null : roots.get(0);
    }

    /** The process with that span id; null if there is none. */
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

    /**
     * The spans at the top of the tree: the {@link #session()} if there is one, else what {@link #below} it would be.
     */
    public List<Span> top() {
        SessionSpan session = session();
        return session == null ? belowSession() : List.of(session);
    }

    /**
     * The spans directly under one, in the order of a picture of the tree: under a process its connections, then the
     * processes that it forked; under the session the connections whose process is not in the trace, then the roots.
     */
    public List<Span> below(Span span) {
        return span.accept(new Span.Visitor<>() {
            @Override
            public List<Span> process(ProcessSpan process) {
                List<Span> below = new ArrayList<>(connections(process));
                below.addAll(children(process));
                return below;
            }

            @Override
            public List<Span> connection(TcpSpan connection) {
                return List.of();
            }

            @Override
            public List<Span> session(SessionSpan session) {
                return belowSession();
            }
        });
    }

    private List<Span> belowSession() {
        List<Span> spans = new ArrayList<>();
        for (TcpSpan connection : connections()) {
            SpanId owner = connection.processSpanId();
            if (owner == null || !byId.containsKey(owner)) {
                spans.add(connection);
            }
        }
        spans.addAll(roots);
        return spans;
    }

    /**
     * Whether nothing was lost, and every process and connection has ended and is complete. An {@linkplain Via#UNTRACED
     * untraced} trace never is.
     */
    public boolean isComplete() {
        return via() != Via.UNTRACED
                && loss().none()
                && processes().stream().allMatch(ProcessSpan::complete)
                && connections().stream().allMatch(TcpSpan::complete);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Trace trace && fields.equals(trace.fields);
    }

    @Override
    public int hashCode() {
        return fields.hashCode();
    }

    /** Returns a picture of the tree for messages, {@link TreeText#brief()}: a large tree is cut. The form may change. */
    @Override
    public String toString() {
        return TreeText.plain().brief().format(this);
    }

    /** The properties. */
    static final class Properties extends Fields {
        private @Nullable TraceId traceId;
        private @Nullable SpanId parentSpanId;
        private @Nullable SessionSpan session;
        private List<ProcessSpan> processes = List.of();
        private List<TcpSpan> connections = List.of();
        private Loss loss = Loss.NONE;
        private Via via = Via.BUILT;

        @Override
        List<@Nullable Object> values() {
            return Arrays.asList(traceId, parentSpanId, session, processes, connections, loss, via);
        }

        @Override
        boolean isWhole() {
            return traceId != null && session == null;
        }

        private Stream<Span> spans() {
            return Stream.of(Stream.ofNullable(session), processes.stream(), connections.stream())
                    .flatMap(spans -> spans);
        }

        private void complete() {
            if (traceId == null) {
                traceId = spans().findFirst().map(Span::traceId).orElse(SpanBuilder.SAMPLE_TRACE);
            }
            TraceId whole = Fields.known(traceId);
            spans().filter(span -> !span.traceId().equals(whole)).findFirst().ifPresent(stranger -> {
                throw new IllegalStateException("Trace.Builder: span " + stranger.spanId() + " belongs to trace "
                        + stranger.traceId() + ", not " + whole + "; build all spans with the same traceId");
            });
            parentSpanId = session == null ? parentSpanId : session.spanId();
        }
    }

    /**
     * Builds a trace. By default it is empty, nothing is lost, it is {@link Via#BUILT}, and its id is that of its first
     * span. Not safe for use by several threads.
     */
    public static final class Builder extends FieldsBuilder<Properties> {
        private Builder(Properties fields) {
            super(fields);
        }

        public Builder traceId(TraceId value) {
            edit().traceId = value;
            return this;
        }

        /** Sets the span that the roots are children of; that of the session if there is one. */
        public Builder parentSpanId(@Nullable SpanId value) {
            edit().parentSpanId = value;
            return this;
        }

        public Builder session(@Nullable SessionSpan value) {
            edit().session = value;
            return this;
        }

        /** Sets the processes, in the order of their forks. */
        public Builder processes(List<ProcessSpan> value) {
            edit().processes = List.copyOf(value);
            return this;
        }

        /** Sets the connections, in the order of their beginning. */
        public Builder connections(List<TcpSpan> value) {
            edit().connections = List.copyOf(value);
            return this;
        }

        public Builder loss(Loss value) {
            edit().loss = value;
            return this;
        }

        public Builder via(Via value) {
            edit().via = value;
            return this;
        }

        /**
         * Returns the trace.
         *
         * @throws IllegalStateException if a span belongs to another trace
         */
        public Trace build() {
            Properties fields = give();
            fields.complete();
            return new Trace(fields);
        }
    }
}
