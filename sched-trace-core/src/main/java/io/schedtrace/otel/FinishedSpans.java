package io.schedtrace.otel;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.schedtrace.model.ListenSpan;
import io.schedtrace.model.Loss;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Redactor;
import io.schedtrace.model.SessionSpan;
import io.schedtrace.model.Span;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TcpSpan.Role;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes spans of OpenTelemetry out of ours: same ids, same times. */
final class FinishedSpans {
    static final AttributeKey<Long> LOST_RECORDS = AttributeKey.longKey("schedtrace.lost.records");
    static final AttributeKey<Long> LOST_UNTRACKED = AttributeKey.longKey("schedtrace.lost.untracked");
    static final AttributeKey<Long> LOST_EVENTS = AttributeKey.longKey("schedtrace.lost.listener_events");

    private static final String SCOPE = "io.schedtrace";
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final Resource resource;
    private final Attributes extra;
    private final boolean arguments;
    private final Redactor redactor;

    FinishedSpans(Resource resource, Attributes extra, boolean arguments, Redactor redactor) {
        this.resource = resource;
        this.extra = extra;
        this.arguments = arguments;
        this.redactor = redactor;
    }

    /**
     * The span of a process.
     *
     * @param name takes the place of the program's; null for that
     * @param outside whether the parent is not in the trace
     * @param loss what is known to be missing; goes to the instrumentation scope, and, where {@code outside}, to the
     *     span too
     */
    FinishedSpan process(ProcessSpan process, @Nullable String name, boolean outside, Loss loss) {
        AttributesBuilder attributes = Attributes.builder();
        ProcessAttributes.put(process, arguments, redactor, attributes);
        attributes.putAll(extra);
        if (outside) {
            attributes.putAll(lost(loss));
        }
        return new FinishedSpan(
                context(process, process.spanId(), false),
                context(process, process.parentSpanId(), outside),
                Text.clean(redactor.text(name == null ? process.name() : name)),
                SpanKind.INTERNAL,
                nanos(process.startTime()),
                end(process),
                attributes.build(),
                ProcessAttributes.events(process),
                List.of(),
                ProcessAttributes.status(process),
                scope(loss),
                resource);
    }

    /** The span of a session. */
    FinishedSpan session(SessionSpan session, Loss loss) {
        AttributesBuilder attributes = Attributes.builder().putAll(extra).putAll(lost(loss));
        if (!session.complete()) {
            attributes.put(ProcessAttributes.INCOMPLETE, true);
        }
        return internal(session, true, Text.clean(redactor.text(session.name())), attributes, loss);
    }

    /** A span without kind, events, links and status. */
    private FinishedSpan internal(
            Span span, boolean remoteParent, String name, AttributesBuilder attributes, Loss loss) {
        return new FinishedSpan(
                context(span, span.spanId(), false),
                context(span, span.parentSpanId(), remoteParent),
                name,
                SpanKind.INTERNAL,
                nanos(span.startTime()),
                end(span),
                attributes.build(),
                List.of(),
                List.of(),
                StatusData.unset(),
                scope(loss),
                resource);
    }

    /** The span of a connection; the server's end of one whose client is in the trace has a link to its process. */
    FinishedSpan connection(TcpSpan connection, Loss loss) {
        AttributesBuilder attributes = Attributes.builder();
        ConnectionAttributes.put(connection, attributes);
        attributes.putAll(extra);
        SpanId owner = connection.processSpanId();
        boolean linked = owner != null && !owner.equals(connection.parentSpanId());
        return new FinishedSpan(
                context(connection, connection.spanId(), false),
                context(connection, connection.parentSpanId(), false),
                ConnectionAttributes.name(connection),
                connection.role() == Role.CLIENT ? SpanKind.CLIENT : SpanKind.SERVER,
                nanos(connection.startTime()),
                end(connection),
                attributes.build(),
                ConnectionAttributes.events(connection),
                linked ? List.of(LinkData.create(context(connection, owner, false))) : List.of(),
                ConnectionAttributes.status(connection),
                scope(loss),
                resource);
    }

    /** The span of a listener. */
    FinishedSpan listener(ListenSpan listener, Loss loss) {
        AttributesBuilder attributes = Attributes.builder();
        ConnectionAttributes.put(listener, attributes);
        attributes.putAll(extra);
        return internal(listener, false, ConnectionAttributes.name(listener), attributes, loss);
    }

    static long nanos(Instant time) {
        return Math.addExact(Math.multiplyExact(time.getEpochSecond(), NANOS_PER_SECOND), time.getNano());
    }

    static StatusData error(String description) {
        return StatusData.create(StatusCode.ERROR, description);
    }

    /** The end; of a span that is still open, the moment of the snapshot. */
    private static long end(Span span) {
        return nanos(span.startTime()) + span.duration().toNanos();
    }

    private static SpanContext context(Span span, @Nullable SpanId id, boolean remote) {
        if (id == null) {
            return SpanContext.getInvalid();
        }
        String trace = span.traceId().toString();
        return remote
                ? SpanContext.createFromRemoteParent(
                        trace, id.toString(), TraceFlags.getSampled(), TraceState.getDefault())
                : SpanContext.create(trace, id.toString(), TraceFlags.getSampled(), TraceState.getDefault());
    }

    private static InstrumentationScopeInfo scope(Loss loss) {
        return InstrumentationScopeInfo.builder(SCOPE).setAttributes(lost(loss)).build();
    }

    private static Attributes lost(Loss loss) {
        if (loss.none()) {
            return Attributes.empty();
        }
        return Attributes.of(
                LOST_RECORDS, loss.records(), LOST_UNTRACKED, loss.untracked(), LOST_EVENTS, loss.listenerEvents());
    }
}
