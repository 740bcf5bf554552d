package io.schedtrace.internal.session;

import io.schedtrace.hosts.DynamicSource;
import io.schedtrace.hosts.HostOptions;
import io.schedtrace.hosts.StaticSource;
import io.schedtrace.internal.backend.FeedOptions;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TraceId;
import io.schedtrace.model.TraceListener;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a session.
 *
 * @param traceId the id that all spans carry
 * @param parentSpanId the span that the roots, or the session's own span, are children of; null for none
 * @param name the name of the session's own span; null if it has none
 * @param argumentMemory how many characters of arguments the session keeps
 * @param keepEnded whether the trace has spans that have ended; else the listeners alone get them
 * @param linger how long to wait for connections that the processes have left, and then for names
 */
public record SessionOptions(
        TraceId traceId,
        @Nullable SpanId parentSpanId,
        @Nullable String name,
        long argumentMemory,
        boolean keepEnded,
        Duration linger,
        FeedOptions feed,
        HostOptions hostOptions,
        List<StaticSource> staticSources,
        List<DynamicSource> dynamicSources,
        List<TraceListener> listeners) {}
