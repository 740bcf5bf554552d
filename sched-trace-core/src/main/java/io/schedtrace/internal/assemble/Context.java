package io.schedtrace.internal.assemble;

import io.schedtrace.internal.names.HostNames;
import io.schedtrace.internal.record.SystemFacts;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TraceId;
import java.time.Duration;
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
        Duration settleTime) {}
