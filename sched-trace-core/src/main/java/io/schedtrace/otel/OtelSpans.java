package io.schedtrace.otel;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.schedtrace.model.ListenSpan;
import io.schedtrace.model.Loss;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Redactor;
import io.schedtrace.model.SessionSpan;
import io.schedtrace.model.Span;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TraceListener;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Hands each span to a {@link SpanProcessor} of the OpenTelemetry SDK, with its own ids and times, when it ends. A
 * {@link io.opentelemetry.sdk.trace.export.BatchSpanProcessor} around any exporter is the usual one; batches and
 * retries are the SDK's. The processor is the caller's, who shuts it down when all sessions that use it are closed; of
 * it, only {@code onEnd} and {@code forceFlush} are called, so that no sampler has a say.
 *
 * <p>Processes are INTERNAL spans under the name of the program ({@link ProcessSpan#name()}), with {@code process.*}
 * attributes and an event for each exec; connections are CLIENT or SERVER spans {@code connect host:port} and {@code
 * accept port}, with {@code network.*}, {@code server.*} and {@code client.*}. The server's end of a connection whose
 * client is in the same trace is a child of it, with a link to its own process. A process that failed has the status
 * ERROR and {@code error.type}: its exit code, or the signal; so has a connection: the socket's error. What
 * OpenTelemetry has no name for begins with {@code schedtrace.}. An attribute whose value is not known is left out.
 * Arguments are left out unless asked for, the environment always.
 *
 * <p>A session that is a span of its own ({@link Trace#session()}) is an INTERNAL span. This span, and processes whose
 * parent is not in the trace, are handed over when the session is closed, since they carry what it lost ({@code
 * schedtrace.lost.*}); so does the instrumentation scope of all spans that are handed over then. A span that is still
 * open at that time ends then and has {@code schedtrace.incomplete}. A session without spans exports nothing; if it
 * lost something, that is logged.
 *
 * <p>A batch processor drops what does not fit into its queue. So after each 1,024 spans this listener waits until they
 * have been exported: then it is the session that keeps, or counts, what is too much. When a flush fails or takes
 * longer than 10 s it is not waited for again.
 */
public final class OtelSpans implements TraceListener {
    private static final System.Logger LOG = System.getLogger("io.schedtrace");
    /** Half of what a batch processor takes, unless told otherwise. */
    private static final int SPANS_PER_FLUSH = 1024;

    private static final long SLICE_MILLIS = 20;

    private final SpanProcessor processor;
    private final FinishedSpans spans;
    private final @Nullable String name;
    private final Set<SpanId> parents = new HashSet<>();
    private final Set<SpanId> exported = new HashSet<>();
    private int unflushed;
    private final AtomicLong handedOver = new AtomicLong();
    private volatile long flushDeadline;
    private boolean flushing = true;

    private OtelSpans(Builder builder) {
        processor = builder.processor;
        spans = new FinishedSpans(builder.resource, builder.attributes.build(), builder.arguments, builder.redactor);
        name = builder.name;
        flushDeadline = Long.MAX_VALUE;
    }

    /**
     * A builder with the default settings.
     *
     * @param processor gets the spans; stays the caller's
     */
    public static Builder builder(SpanProcessor processor) {
        return new Builder(processor);
    }

    /** How many spans the processor has got; for any thread. */
    public long handedOver() {
        return handedOver.get();
    }

    /** From now on, flushes are waited for until that time is up and not longer; for any thread. */
    public void hurry(Duration atMost) {
        flushDeadline = System.nanoTime() + atMost.toNanos();
    }

    @Override
    public void processStarted(ProcessSpan process) {
        parents.add(process.spanId());
    }

    @Override
    public void processEnded(ProcessSpan process) {
        if (!outside(process)) {
            export(process, Loss.NONE);
        }
    }

    @Override
    public void connectionEnded(TcpSpan connection) {
        export(connection, Loss.NONE);
    }

    @Override
    public void listenEnded(ListenSpan listener) {
        export(listener, Loss.NONE);
    }

    @Override
    public void traceClosed(Trace trace) {
        trace.processes().forEach(process -> parents.add(process.spanId()));
        List<Span> all = new ArrayList<>(trace.connections());
        all.addAll(trace.listeners());
        all.addAll(trace.processes());
        SessionSpan session = trace.session();
        if (session != null) {
            parents.add(session.spanId());
            all.add(session);
        }
        all.forEach(span -> export(span, trace.loss()));
        if (all.isEmpty() && !trace.loss().none()) {
            LOG.log(Level.WARNING, "trace {0} has no spans, and lost {1}", trace.traceId(), trace.loss());
        }
    }

    private boolean outside(ProcessSpan process) {
        return process.parentSpanId() == null || !parents.contains(process.parentSpanId());
    }

    private void export(Span span, Loss loss) {
        if (!exported.add(span.spanId())) {
            return;
        }
        processor.onEnd(finished(span, loss));
        handedOver.incrementAndGet();
        if (++unflushed == SPANS_PER_FLUSH) {
            unflushed = 0;
            flush();
        }
    }

    private FinishedSpan finished(Span span, Loss loss) {
        return span.accept(new Span.Visitor<>() {
            @Override
            public FinishedSpan process(ProcessSpan process) {
                boolean outside = outside(process);
                return spans.process(process, outside ? name : null, outside, loss);
            }

            @Override
            public FinishedSpan connection(TcpSpan connection) {
                return spans.connection(connection, loss);
            }

            @Override
            public FinishedSpan listener(ListenSpan listener) {
                return spans.listener(listener, loss);
            }

            @Override
            public FinishedSpan session(SessionSpan session) {
                return spans.session(session, loss);
            }
        });
    }

    private void flush() {
        if (!flushing) {
            return;
        }
        CompletableResultCode result = processor.forceFlush();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!result.isDone()
                && System.nanoTime() - Math.min(end, flushDeadline) < 0
                && !Thread.currentThread().isInterrupted()) {
            result.join(SLICE_MILLIS, TimeUnit.MILLISECONDS);
        }
        flushing = result.isSuccess();
    }

    /** The settings. Not safe for use by several threads. */
    public static final class Builder {
        private final SpanProcessor processor;
        private final AttributesBuilder attributes = Attributes.builder();
        private Resource resource = Resource.getDefault()
                .merge(Resource.create(
                        Attributes.builder().put("service.name", "sched-trace").build()));
        private @Nullable String name;
        private boolean arguments;
        private Redactor redactor = Redactor.standard();

        private Builder(SpanProcessor processor) {
            this.processor = processor;
        }

        /** What the spans come from; if this is not called, the service {@code sched-trace}. */
        public Builder resource(Resource value) {
            resource = value;
            return this;
        }

        /**
         * The name of the processes whose parent is not in the trace: of the trace, then. That of the program if not
         * called.
         */
        public Builder name(String value) {
            name = value;
            return this;
        }

        /** Adds an attribute to every span. */
        public Builder attribute(String key, String value) {
            attributes.put(AttributeKey.stringKey(key), Text.clean(value));
            return this;
        }

        /**
         * Sets whether the arguments of programs are exported ({@code process.command_args}), redacted. By default they
         * are not.
         */
        public Builder arguments(boolean export) {
            arguments = export;
            return this;
        }

        /** Sets what hides secrets in arguments and names; by default {@link Redactor#standard()}. */
        public Builder redactor(Redactor value) {
            redactor = value;
            return this;
        }

        /** A listener for one session. */
        public OtelSpans build() {
            return new OtelSpans(this);
        }
    }
}
