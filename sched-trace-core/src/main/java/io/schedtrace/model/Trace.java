package io.schedtrace.model;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The processes, connections and listeners of a session at one moment.
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
    private final TraceIndex index;

    private Trace(Properties fields) {
        this.fields = fields;
        this.index = new TraceIndex(this);
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

    /** All listeners, in the order of their beginning. */
    public List<ListenSpan> listeners() {
        return fields.listeners;
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
        return index.roots();
    }

    /** The first of {@link #roots()}; null in a trace without processes. */
    public @Nullable ProcessSpan root() {
        return roots().isEmpty() ? null : roots().get(0);
    }

    /** The process with that span id; null if there is none. */
    public @Nullable ProcessSpan process(SpanId spanId) {
        return index.process(spanId);
    }

    /** The processes that {@code process} forked, in order. */
    public List<ProcessSpan> children(ProcessSpan process) {
        return index.children(process.spanId());
    }

    /** The connections that {@code process} owns, in order. */
    public List<TcpSpan> connections(ProcessSpan process) {
        return index.connections(process.spanId());
    }

    /** The listeners that {@code process} has opened, in order. */
    public List<ListenSpan> listeners(ProcessSpan process) {
        return index.listeners(process.spanId());
    }

    /**
     * The spans at the top of the tree: the {@link #session()} if there is one, else what {@link #below} it would be.
     */
    public List<Span> top() {
        SessionSpan session = session();
        return session == null ? index.belowSession() : List.of(session);
    }

    /**
     * The spans directly under one, in the order of a picture of the tree: under a process its listeners, its
     * connections, then the processes that it forked; under the session the listeners and connections whose process is
     * not in the trace, then the roots.
     */
    public List<Span> below(Span span) {
        return index.below(span);
    }

    /**
     * Whether nothing was lost, and every process, every connection, and every listener of a process has ended and is
     * complete. Listeners of the tracing JVM itself may still listen. An {@linkplain Via#UNTRACED untraced} trace never
     * is complete.
     */
    public boolean isComplete() {
        return via() != Via.UNTRACED
                && loss().none()
                && processes().stream().allMatch(ProcessSpan::complete)
                && connections().stream().allMatch(TcpSpan::complete)
                && listeners().stream().allMatch(listener -> listener.complete() || listener.processSpanId() == null);
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
        private List<ListenSpan> listeners = List.of();
        private Loss loss = Loss.NONE;
        private Via via = Via.BUILT;

        @Override
        List<@Nullable Object> values() {
            return Arrays.asList(traceId, parentSpanId, session, processes, connections, listeners, loss, via);
        }

        @Override
        boolean isWhole() {
            return traceId != null && session == null;
        }

        private Stream<Span> spans() {
            return Stream.of(Stream.ofNullable(session), processes.stream(), connections.stream(), listeners.stream())
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

        /** Sets the listeners, in the order of their beginning. */
        public Builder listeners(List<ListenSpan> value) {
            edit().listeners = List.copyOf(value);
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
