package io.schedtrace.internal.assemble;

import io.schedtrace.internal.names.HostNames;
import io.schedtrace.internal.record.SystemFacts;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TraceId;
import io.schedtrace.model.TraceListener;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What assembling depends on.
 *
 * @param traceId the id that all spans carry
 * @param rootParent the span that the roots are children of; null for none
 * @param clock turns times of records into wall-clock times
 * @param hostNames is told what processes do, and knows names for addresses
 * @param events takes what happens to spans
 * @param system what the system tells beside the records
 * @param argumentMemory how many characters of arguments are kept; of further execs only {@code argv[0]} is
 * @param keepEnded whether spans that have ended, and that all listeners have got, are kept
 * @param settleTime how long the event of an ended connection waits for the names of its addresses
 */
public record Context(
        TraceId traceId,
        @Nullable SpanId rootParent,
        WallClock clock,
        HostNames hostNames,
        SpanEvents events,
        SystemFacts system,
        long argumentMemory,
        boolean keepEnded,
        Duration settleTime) {
    /** Tells listeners of the end of a span; returns whether the span is not needed any more. */
    boolean publishEnd(Consumer<TraceListener> event) {
        if (keepEnded) {
            events.publish(event);
            return false;
        }
        return events.publishToAll(event);
    }
}
