package io.schedtrace.model;

import io.schedtrace.ProcessTreeTracer;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A session as a span of its own: what this JVM did between its beginning and its end, for example a test. The processes
 * that were started in it, and the connections of its threads, are its children. Made by {@link
 * ProcessTreeTracer.Builder#scopeName}.
 *
 * @param traceId the trace that the span belongs to
 * @param spanId the span's own id: the {@link Trace#parentSpanId()} of the processes
 * @param parentSpanId the span above, as it was given to the builder; null for none
 * @param name what it is, for people: the display name of a test
 * @param startTime when the session was opened
 * @param endTime when it was closed; null if it is open
 * @param duration the time from start to end, or to this snapshot
 */
public record ScopeSpan(
        TraceId traceId,
        SpanId spanId,
        @Nullable SpanId parentSpanId,
        String name,
        Instant startTime,
        @Nullable Instant endTime,
        Duration duration)
        implements Span {
    @Override
    public boolean complete() {
        return endTime != null;
    }
}
