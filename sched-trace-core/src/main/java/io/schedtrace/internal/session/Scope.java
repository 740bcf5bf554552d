package io.schedtrace.internal.session;

import io.schedtrace.internal.assemble.WallClock;
import io.schedtrace.model.SessionSpan;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TraceId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a {@link SessionSpan} from its beginning on.
 *
 * @param startNanos the kernel's own CLOCK_MONOTONIC
 */
public record Scope(SpanId spanId, @Nullable SpanId parentSpanId, String name, WallClock clock, long startNanos) {
    /** @param endNanos the kernel's own CLOCK_MONOTONIC; 0 = it goes on */
    SessionSpan span(TraceId traceId, long endNanos) {
        long until = endNanos == 0 ? ThisSystem.nanos() : endNanos;
        return SessionSpan.builder()
                .traceId(traceId)
                .spanId(spanId)
                .parentSpanId(parentSpanId)
                .name(name)
                .startTime(clock.at(startNanos))
                .endTime(endNanos == 0 ? null : clock.at(endNanos))
                .duration(Duration.ofNanos(until - startNanos))
                .build();
    }
}
