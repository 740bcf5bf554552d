package io.schedtrace.model;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that has a place in a trace, a beginning and an end: a process, a connection, a listener, or a
 * session.
 *
 * <p>Immutable and safe for use by any thread. What is not known is null. Two spans are equal if they are of the same
 * kind and all their properties are equal.
 */
public abstract sealed class Span permits ListenSpan, ProcessSpan, SessionSpan, TcpSpan {
    private final SpanBuilder.SpanFields shared;

    Span(SpanBuilder.SpanFields shared) {
        this.shared = shared;
    }

    /** The trace that the span belongs to. */
    public final TraceId traceId() {
        return shared.traceId;
    }

    /** The span's own id, unique in its trace. */
    public final SpanId spanId() {
        return Fields.known(shared.spanId);
    }

    /** The span above; null for a root without a given parent. */
    public final @Nullable SpanId parentSpanId() {
        return shared.parentSpanId;
    }

    /**
     * The beginning in wall-clock time, with nanoseconds. It is the kernel's CLOCK_MONOTONIC time of the event plus one
     * offset that is measured per session, so that all spans of a session agree with each other to the nanosecond.
     */
    public final Instant startTime() {
        return shared.startTime;
    }

    /** The end, on the clock of {@link #startTime()}; null while the span is open. */
    public final @Nullable Instant endTime() {
        return shared.endTime;
    }

    /** The time between start and end, or until this snapshot was taken; a difference of CLOCK_MONOTONIC times. */
    public final Duration duration() {
        return Fields.known(shared.duration);
    }

    /** Whether the span has ended and every kernel record of it has arrived. */
    public final boolean complete() {
        return Fields.known(shared.complete);
    }

    /** Calls the method of {@code visitor} for this kind of span, and returns its result. */
    public abstract <R> R accept(Visitor<R> visitor);

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof Span span && shared.equals(span.shared);
    }

    @Override
    public final int hashCode() {
        return shared.hashCode();
    }

    /**
     * What to do with a span of each kind. There are no default methods: whoever handles spans by kind handles every
     * kind.
     *
     * <pre>{@code
     * String label = span.accept(new Span.Visitor<>() {
     *     public String process(ProcessSpan process) { return process.name(); }
     *     public String connection(TcpSpan connection) { return "to " + connection.peerName(); }
     *     public String listener(ListenSpan listener) { return "on " + listener.endpoint(); }
     *     public String session(SessionSpan session) { return session.name(); }
     * });
     * }</pre>
     *
     * @param <R> the type of the result
     */
    public interface Visitor<R> {
        /** Handles a process. */
        R process(ProcessSpan process);

        /** Handles a connection. */
        R connection(TcpSpan connection);

        /** Handles a listener. */
        R listener(ListenSpan listener);

        /** Handles a session. */
        R session(SessionSpan session);
    }
}
