package io.schedtrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A Zipkin server on loopback. Zipkin does not accept OTLP, so {@link #take} converts spans as an OpenTelemetry
 * Collector does, by the mapping of the OpenTelemetry specification.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otel/trace/sdk_exporters/zipkin/">the mapping</a>
 */
final class Zipkin implements AutoCloseable {
    private static final long START_SECONDS = 240;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process server;
    private final String address;

    private Zipkin(Process server, int port) {
        this.server = server;
        this.address = "http://127.0.0.1:" + port;
    }

    /** Starts the server of {@code target/zipkin/zipkin.jar} and waits until it answers. */
    static Zipkin start(Path log) throws IOException, InterruptedException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                Path.of("target/zipkin/zipkin.jar").toAbsolutePath().toString());
        builder.environment().put("QUERY_PORT", Integer.toString(port));
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .directory(log.getParent().toFile())
                .start();
        Zipkin zipkin = new Zipkin(process, port);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!zipkin.isUp()) {
            assertThat(process.isAlive()).as("Zipkin, see " + log).isTrue();
            assertThat(System.nanoTime())
                    .as("Zipkin starts in time, see " + log)
                    .isLessThan(end);
            process.waitFor(500, TimeUnit.MILLISECONDS);
        }
        return zipkin;
    }

    private boolean isUp() throws InterruptedException {
        try {
            return get("/health").contains("\"UP\"");
        } catch (IOException e) {
            return false;
        }
    }

    /** The page of a trace in Zipkin's user interface. */
    String page(String traceId) {
        return address + "/zipkin/traces/" + traceId;
    }

    /** Returns the answer of Zipkin's HTTP API. */
    String get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(address + path)).build()).body();
    }

    /** Converts the spans of an OTLP request and sends them to Zipkin. */
    void take(ExportTraceServiceRequest request) {
        try {
            HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(address + "/api/v2/spans"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(json(request)))
                    .build());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static String json(ExportTraceServiceRequest request) throws IOException {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
            json.writeStartArray();
            for (ResourceSpans resource : request.getResourceSpansList()) {
                String service = OtlpCollector.texts(resource.getResource().getAttributesList())
                        .get("service.name");
                for (var scope : resource.getScopeSpansList()) {
                    for (Span span : scope.getSpansList()) {
                        span(json, span, service);
                    }
                }
            }
            json.writeEndArray();
        }
        return out.toString();
    }

    private static void span(JsonGenerator json, Span span, String service) throws IOException {
        Map<String, String> tags = OtlpCollector.texts(span.getAttributesList());
        json.writeStartObject();
        json.writeStringField("traceId", OtlpCollector.hex(span.getTraceId()));
        json.writeStringField("id", OtlpCollector.hex(span.getSpanId()));
        if (!span.getParentSpanId().isEmpty()) {
            json.writeStringField("parentId", OtlpCollector.hex(span.getParentSpanId()));
        }
        json.writeStringField("name", span.getName());
        if (span.getKind() == Span.SpanKind.SPAN_KIND_CLIENT || span.getKind() == Span.SpanKind.SPAN_KIND_SERVER) {
            json.writeStringField("kind", span.getKind().name().replace("SPAN_KIND_", ""));
        }
        long start = span.getStartTimeUnixNano() / 1000;
        json.writeNumberField("timestamp", start);
        json.writeNumberField("duration", Math.max(1, span.getEndTimeUnixNano() / 1000 - start));
        json.writeObjectFieldStart("localEndpoint");
        json.writeStringField("serviceName", service);
        json.writeEndObject();
        if (tags.containsKey("server.address") && span.getKind() == Span.SpanKind.SPAN_KIND_CLIENT) {
            json.writeObjectFieldStart("remoteEndpoint");
            json.writeStringField("serviceName", tags.get("server.address"));
            json.writeStringField("ipv4", tags.get("network.peer.address"));
            json.writeNumberField("port", Integer.parseInt(tags.get("network.peer.port")));
            json.writeEndObject();
        }
        json.writeObjectFieldStart("tags");
        if (span.getStatus().getCode() == StatusCode.STATUS_CODE_ERROR) {
            json.writeStringField("otel.status_code", "ERROR");
            json.writeStringField("error", span.getStatus().getMessage());
        }
        for (Map.Entry<String, String> tag : tags.entrySet()) {
            json.writeStringField(tag.getKey(), tag.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    @Override
    public void close() throws InterruptedException {
        server.destroy();
        if (!server.waitFor(30, TimeUnit.SECONDS)) {
            server.destroyForcibly();
        }
    }
}
