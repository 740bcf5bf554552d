package io.schedtrace.internal.session;

import io.schedtrace.internal.assemble.WallClock;
import io.schedtrace.model.SessionSpan;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TraceId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The span of a session itself. Times are on the clock of the records.
 *
 * @param startNanos when the session was opened
 */
record OwnSpan(TraceId traceId, SpanId spanId, @Nullable SpanId parentSpanId, String name, long startNanos) {
    /**
     * The span.
     *
     * @param endNanos when the session was closed; null if it is open
     * @param nowNanos the time now
     */
    SessionSpan at(WallClock clock, @Nullable Long endNanos, long nowNanos) {
        long untilNanos = endNanos == null ? nowNanos : endNanos;
        return SessionSpan.builder()
                .traceId(traceId)
                .spanId(spanId)
                .parentSpanId(parentSpanId)
                .name(name)
                .startTime(clock.at(startNanos))
                .endTime(endNanos == null ? null : clock.at(endNanos))
                .duration(Duration.ofNanos(untilNanos - startNanos))
                .build();
    }
}
