package io.schedtrace.cli;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** An OTLP collector on loopback that keeps the requests it receives. */
final class OtlpCollector implements AutoCloseable {
    private final List<ExportTraceServiceRequest> requests = new CopyOnWriteArrayList<>();
    private final List<Map<String, List<String>>> headers = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> servers = new CopyOnWriteArrayList<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final String endpoint;

    private OtlpCollector(
            boolean grpc, int status, String answer, boolean silent, Consumer<ExportTraceServiceRequest> also)
            throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        int port;
        if (grpc) {
            Server server = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                    .addService(new GrpcService())
                    .build()
                    .start();
            servers.add(server::shutdownNow);
            port = server.getPort();
        } else {
            HttpServer server = HttpServer.create(address, 0);
            server.setExecutor(Executors.newCachedThreadPool());
            server.createContext("/v1/traces", exchange -> receive(exchange, status, answer, silent, also));
            server.start();
            servers.add(() -> server.stop(0));
            port = server.getAddress().getPort();
        }
        endpoint = "http://127.0.0.1:" + port;
    }

    /** Starts a collector that accepts OTLP over HTTP. */
    static OtlpCollector http() throws IOException {
        return new OtlpCollector(false, 200, "", false, request -> {});
    }

    /** Like {@link #http()}; passes each request on before it answers. */
    static OtlpCollector passingOn(Consumer<ExportTraceServiceRequest> to) throws IOException {
        return new OtlpCollector(false, 200, "", false, to);
    }

    /** Starts a collector that accepts OTLP over gRPC. */
    static OtlpCollector grpc() throws IOException {
        return new OtlpCollector(true, 200, "", false, request -> {});
    }

    /** Starts a collector that answers every request with {@code status}. */
    static OtlpCollector refusing(int status) throws IOException {
        return new OtlpCollector(false, status, "", false, request -> {});
    }

    /** Starts a collector that answers every request with {@code status} and {@code answer}. */
    static OtlpCollector refusing(int status, String answer) throws IOException {
        return new OtlpCollector(false, status, answer, false, request -> {});
    }

    /** Starts a collector that reads requests and never answers. */
    static OtlpCollector silent() throws IOException {
        return new OtlpCollector(false, 200, "", true, request -> {});
    }

    String endpoint() {
        return endpoint;
    }

    /** All received spans, in the order of arrival. */
    List<Span> spans() {
        return resourceSpans()
                .flatMap(r -> r.getScopeSpansList().stream())
                .flatMap(s -> s.getSpansList().stream())
                .toList();
    }

    /** The attributes of all received resources. */
    List<Map<String, String>> resources() {
        return resourceSpans()
                .map(r -> texts(r.getResource().getAttributesList()))
                .distinct()
                .toList();
    }

    /** The distinct values of a header in all requests. */
    List<String> header(String name) {
        return headers.stream()
                .flatMap(h -> h.getOrDefault(name, List.of()).stream())
                .distinct()
                .toList();
    }

    /** Attributes by key, values as text. */
    static Map<String, String> texts(List<KeyValue> attributes) {
        return attributes.stream().collect(Collectors.toMap(KeyValue::getKey, a -> text(a.getValue())));
    }

    static String hex(ByteString id) {
        return HexFormat.of().formatHex(id.toByteArray());
    }

    private static String text(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> value.getStringValue();
            case INT_VALUE -> Long.toString(value.getIntValue());
            case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
            case ARRAY_VALUE ->
                value.getArrayValue().getValuesList().stream()
                        .map(OtlpCollector::text)
                        .toList()
                        .toString();
            default -> value.toString();
        };
    }

    private Stream<ResourceSpans> resourceSpans() {
        return requests.stream().flatMap(request -> request.getResourceSpansList().stream());
    }

    private void receive(
            HttpExchange exchange, int status, String text, boolean silent, Consumer<ExportTraceServiceRequest> also) {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if ("gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
                body = new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
            }
            if (silent) {
                closing.await();
            }
            headers.add(Map.copyOf(exchange.getRequestHeaders()));
            ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(ByteBuffer.wrap(body));
            if (status == 200) {
                requests.add(request);
                also.accept(request);
            }
            byte[] answer = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", text.isEmpty() ? "application/x-protobuf" : "text/plain");
            exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
            if (answer.length > 0) {
                exchange.getResponseBody().write(answer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws Exception {
        closing.countDown();
        for (AutoCloseable server : servers) {
            server.close();
        }
    }

    private final class GrpcService extends TraceServiceGrpc.TraceServiceImplBase {
        @Override
        public void export(ExportTraceServiceRequest request, StreamObserver<ExportTraceServiceResponse> answer) {
            requests.add(request);
            answer.onNext(ExportTraceServiceResponse.getDefaultInstance());
            answer.onCompleted();
        }
    }
}
