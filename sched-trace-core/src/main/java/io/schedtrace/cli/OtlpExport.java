package io.schedtrace.cli;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.schedtrace.model.Labels;
import io.schedtrace.model.TraceListener;
import io.schedtrace.otel.OtelSpans;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Sends spans to an OpenTelemetry back end, configured by the standard {@code OTEL_*} environment variables. A failure
 * to send prints one line on stderr and has no other effect.
 *
 * <p>Three defaults differ from those of the SDK: the protocol is OTLP over HTTP, as the specification recommends; the
 * service name is {@code sched-trace}; and the export timeout is 5 s. Metrics and logs are never sent.
 */
final class OtlpExport {
    private static final AttributeKey<String> SERVICE_NAME = AttributeKey.stringKey("service.name");
    private static final String TIMEOUT = "otel.bsp.export.timeout";
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);
    private static final Map<String, String> DEFAULTS =
            Map.of("otel.exporter.otlp.protocol", "http/protobuf", TIMEOUT, DEFAULT_TIMEOUT.toMillis() + "");
    private static final Map<String, String> FIXED =
            Map.of("otel.metrics.exporter", "none", "otel.logs.exporter", "none");

    private final PrintWriter err;
    private final OtlpLog log;
    private final List<SpanProcessor> processors = new ArrayList<>();
    private final List<OtlpCounter> counters = new ArrayList<>();
    private Resource resource = Resource.getDefault();
    private Duration timeout = DEFAULT_TIMEOUT;
    private final AutoConfiguredOpenTelemetrySdk sdk;
    private final OtelSpans spans;
    private long deadline;

    private OtlpExport(Labels labels, TraceOptions options, PrintWriter err, OtlpSecrets secrets) {
        this.err = err;
        this.log = OtlpLog.install(err, secrets);
        sdk = AutoConfiguredOpenTelemetrySdk.builder()
                .disableShutdownHook()
                .addPropertiesSupplier(() -> DEFAULTS)
                .addPropertiesCustomizer(config -> FIXED)
                .addResourceCustomizer((found, config) -> resource = named(found))
                .addSpanExporterCustomizer(this::counted)
                .addSpanProcessorCustomizer(this::kept)
                .build();
        OtelSpans.Builder builder = OtelSpans.builder(SpanProcessor.composite(processors))
                .resource(resource)
                .arguments(options.otlpArguments())
                .redactor(options.redactor());
        Labels shown = labels.redacted(options.redactor());
        if (shown.name() != null) {
            builder.name(shown.name());
        }
        shown.attributes().forEach(builder::attribute);
        spans = builder.build();
        if (processors.isEmpty()) {
            err.println("sched-trace: --otlp sends nothing: OTEL_SDK_DISABLED or OTEL_TRACES_EXPORTER says so");
        }
    }

    /**
     * Configures the exporters. Does not connect yet.
     *
     * @throws IllegalArgumentException if a variable is not valid; the message says why
     */
    static OtlpExport open(Labels labels, TraceOptions options, PrintWriter err) {
        OtlpSecrets secrets = new OtlpSecrets(System.getenv());
        try {
            return new OtlpExport(labels, options, err, secrets);
        } catch (ConfigurationException | IllegalArgumentException e) {
            throw new IllegalArgumentException("--otlp: " + secrets.hide(String.valueOf(e.getMessage())), e);
        }
    }

    private static Resource named(Resource found) {
        String service = found.getAttribute(SERVICE_NAME);
        return service != null && !service.startsWith("unknown_service")
                ? found
                : found.merge(Resource.create(Attributes.of(SERVICE_NAME, "sched-trace")));
    }

    private SpanExporter counted(SpanExporter exporter, ConfigProperties config) {
        OtlpCounter counter = new OtlpCounter(exporter);
        counters.add(counter);
        return counter;
    }

    private SpanProcessor kept(SpanProcessor processor, ConfigProperties config) {
        timeout = config.getDuration(TIMEOUT, DEFAULT_TIMEOUT);
        processors.add(processor);
        return processor;
    }

    /** The listener that sends spans. */
    TraceListener listener() {
        return spans;
    }

    /** Starts the export timeout, which bounds all further work. Called when the command has ended. */
    void hurry() {
        deadline = System.nanoTime() + timeout.toNanos();
        spans.hurry(timeout);
    }

    private String slow() {
        return "it took longer than " + timeout.toMillis() + " ms"
                + log.lastAttempt().map(attempt -> "; " + attempt).orElse("");
    }

    /** Sends the remaining spans until the timeout expires, and reports the number of spans that were not delivered. */
    void close() {
        long left = Math.max(1, deadline - System.nanoTime());
        sdk.getOpenTelemetrySdk().getSdkTracerProvider().shutdown().join(left, TimeUnit.NANOSECONDS);
        long all = spans.handedOver();
        long arrived = counters.stream().mapToLong(OtlpCounter::delivered).min().orElse(all);
        if (arrived < all) {
            err.println("sched-trace: " + (all - arrived) + " of " + all
                    + " spans did not reach the OpenTelemetry back end: "
                    + log.reason().orElseGet(this::slow));
        }
    }
}
