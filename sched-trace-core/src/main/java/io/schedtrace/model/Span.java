package io.schedtrace.model;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What processes, connections and scopes have in common: ids, a beginning, an end. Immutable. */
public sealed interface Span permits ProcessSpan, ScopeSpan, TcpSpan {
    /** The trace that the span belongs to. */
    TraceId traceId();

    /** The span's own id, unique in its trace. */
    SpanId spanId();

    /** The span above, or null for a root without a given parent. */
    @Nullable
    SpanId parentSpanId();

    /**
     * The beginning in wall-clock time, with nanoseconds. It is the kernel's CLOCK_MONOTONIC time of the event plus one
     * offset that is measured per session, so that all spans of a session agree with each other to the nanosecond.
     */
    Instant startTime();

    /** The end, on the clock of {@link #startTime()}; null while the span is open. */
    @Nullable
    Instant endTime();

    /** The time between start and end, or until this snapshot was taken; a difference of CLOCK_MONOTONIC times. */
    Duration duration();

    /** Whether the span has ended and every kernel record of it has arrived. */
    boolean complete();
}
