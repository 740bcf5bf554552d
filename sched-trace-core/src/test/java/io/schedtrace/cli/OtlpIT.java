package io.schedtrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import io.schedtrace.cli.Invocation.Result;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --otlp} on the real kernel; a collector decodes what is sent. */
class OtlpIT {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";
    private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";

    @BeforeAll
    static void needTracing() {
        Invocation.requireTracing();
    }

    @Test
    void shouldSendWhatItWritesWithTheSameIdsAndTimes() throws Exception {
        try (OtlpCollector collector = OtlpCollector.http()) {
            Result result = run(
                    Map.of(ENDPOINT, collector.endpoint()),
                    "--otlp",
                    "--format",
                    "json",
                    "sh",
                    "-c",
                    "ls / | wc -l; curl -s http://127.0.0.1:1/; exit 3");

            assertThat(result.status()).isEqualTo(3);
            String written = Invocation.filter(result.err(), "jq", "-r", """
                    select(.span_id) | [.trace_id, .span_id, .parent_span_id // "", .start_time, .end_time] | join(" ")
                    """);
            assertThat(collector.spans().stream().map(OtlpIT::idsAndTimes))
                    .containsExactlyInAnyOrderElementsOf(written.lines().toList())
                    .hasSize(5);
            assertThat(collector.resources()).singleElement().asString().contains("service.name=sched-trace");
            assertThat(collector.header("Content-type")).containsExactly("application/x-protobuf");
        }
    }

    @Test
    void shouldTellWhatFailed() throws Exception {
        try (OtlpCollector collector = OtlpCollector.http()) {
            run(
                    Map.of(ENDPOINT, collector.endpoint()),
                    "--otlp",
                    "sh",
                    "-c",
                    "curl -s http://127.0.0.1:1/; sh -c 'kill -9 $$'; ls /; exit 3");

            Map<String, Span> spans = byName(collector);
            assertThat(spans.keySet()).containsExactlyInAnyOrder("sh 3", "curl", "connect", "sh SIGKILL", "ls");
            Span refused = spans.get("connect");
            assertThat(refused.getKind()).isEqualTo(SpanKind.SPAN_KIND_CLIENT);
            assertThat(refused.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
            assertThat(OtlpCollector.texts(refused.getAttributesList()))
                    .containsEntry("error.type", "ECONNREFUSED")
                    .containsEntry("network.peer.address", "127.0.0.1")
                    .containsEntry("network.peer.port", "1")
                    .containsEntry("server.port", "1")
                    .containsEntry("network.transport", "tcp")
                    .containsEntry("network.type", "ipv4");
            assertThat(OtlpCollector.texts(spans.get("sh 3").getAttributesList()))
                    .containsEntry("process.exit.code", "3")
                    .doesNotContainKey("process.command_args");
            assertThat(spans.get("sh SIGKILL").getStatus().getMessage()).isEqualTo("SIGKILL");
            assertThat(spans.get("ls").getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_UNSET);
        }
    }

    @Test
    void shouldSpeakGrpc() throws Exception {
        try (OtlpCollector collector = OtlpCollector.grpc()) {
            Result result = run(
                    Map.of(ENDPOINT, collector.endpoint(), "OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
                    "--otlp",
                    "-o",
                    "/dev/null",
                    "true");
            assertThat(result).isEqualTo(new Result(0, "", ""));
            assertThat(collector.spans())
                    .singleElement()
                    .satisfies(span -> assertThat(span.getName()).isEqualTo("true"));
        }
    }

    @Test
    void shouldHonourTheVariablesOfOpenTelemetry() throws Exception {
        try (OtlpCollector collector = OtlpCollector.http()) {
            run(
                    Map.of(
                            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", collector.endpoint() + "/v1/traces",
                            "OTEL_EXPORTER_OTLP_HEADERS", "api-key=secret",
                            "OTEL_EXPORTER_OTLP_COMPRESSION", "gzip",
                            "OTEL_SERVICE_NAME", "nightly",
                            "OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=ci"),
                    "--otlp",
                    "true");
            assertThat(collector.spans()).hasSize(1);
            assertThat(collector.header("Api-key")).containsExactly("secret");
            assertThat(collector.resources())
                    .singleElement()
                    .asString()
                    .contains("service.name=nightly", "deployment.environment.name=ci");
        }
    }

    @Test
    void shouldContinueTheTraceOfItsEnvironment() throws Exception {
        try (OtlpCollector collector = OtlpCollector.http()) {
            Result result = run(
                    Map.of(ENDPOINT, collector.endpoint(), "TRACEPARENT", "00-" + TRACE + "-" + PARENT + "-01"),
                    "--otlp",
                    "--name",
                    "nightly build",
                    "-a",
                    "team=infra",
                    "-a",
                    "note=a=b c",
                    "--otlp-args",
                    "--",
                    "sh",
                    "-c",
                    "echo $TRACEPARENT; ls /nonexistent http://me:secret@example.org/");

            List<Span> spans = collector.spans();
            assertThat(spans).allSatisfy(span -> {
                assertThat(OtlpCollector.hex(span.getTraceId())).isEqualTo(TRACE);
                assertThat(OtlpCollector.texts(span.getAttributesList()))
                        .containsEntry("team", "infra")
                        .containsEntry("note", "a=b c");
            });
            Map<String, Span> byName = spans.stream().collect(Collectors.toMap(Span::getName, span -> span));
            assertThat(byName).containsOnlyKeys("nightly build", "ls");
            Span root = byName.get("nightly build");
            assertThat(OtlpCollector.hex(root.getParentSpanId())).isEqualTo(PARENT);
            assertThat(result.out().strip())
                    .isEqualTo("00-" + TRACE + "-" + OtlpCollector.hex(root.getSpanId()) + "-01");
            assertThat(OtlpCollector.texts(byName.get("ls").getAttributesList()).get("process.command_args"))
                    .isEqualTo("[ls, /nonexistent, http://***@example.org/]");
            assertThat(result.err()).contains(" trace_name=\"nightly build\" team=infra note=\"a=b c\"\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "00-" + TRACE + "-0000000000000000-01"})
    void shouldIgnoreAMalformedTraceparent(String malformed) throws Exception {
        Result result = run(Map.of("TRACEPARENT", malformed), "--format", "json", "printenv", "TRACEPARENT");
        assertThat(result.status()).isZero();
        assertThat(result.out()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01\n").doesNotContain(TRACE);
        assertThat(result.errLines().get(0)).startsWith("sched-trace: TRACEPARENT is ignored: ");
        assertThat(result.errLines().get(2)).contains("\"parent_span_id\":null");
    }

    @Test
    void shouldPreferItsOptionsToTheEnvironment() throws Exception {
        String id = "0123456789abcdef0123456789abcdef";
        Map<String, String> outer = Map.of("TRACEPARENT", "00-" + TRACE + "-" + PARENT + "-01");
        assertThat(run(outer, "--trace-id", id, "true").err())
                .contains(" trace_id=" + id + " ")
                .contains(" parent_span_id=0000000000000000 ");
        assertThat(run(outer, "--parent-id", "1111111111111111", "true").err())
                .contains(" trace_id=" + TRACE + " ")
                .contains(" parent_span_id=1111111111111111 ");
    }

    @Test
    void shouldOnlyWarnWhenNobodyListens() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        warnsWithin(Duration.ofSeconds(30), Map.of(ENDPOINT, "http://127.0.0.1:" + port), "127.0.0.1");
    }

    @Test
    void shouldOnlyWarnWhenTheBackEndRefuses() throws Exception {
        try (OtlpCollector collector = OtlpCollector.refusing(400)) {
            warnsWithin(Duration.ofSeconds(30), Map.of(ENDPOINT, collector.endpoint()), "400");
        }
    }

    @Test
    void shouldShowNoSecretsAndNoEscapesOfAnAnswer() throws Exception {
        String answer = "\033[31mAuthorization: Bearer hunter2-token\033]0;x\007 " + "x".repeat(100_000);
        try (OtlpCollector collector = OtlpCollector.refusing(400, answer)) {
            Map<String, String> variables = Map.of(
                    ENDPOINT, collector.endpoint(), "OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer hunter2-token");
            Result result = run(variables, "--otlp", "-o", "/dev/null", "true");
            assertThat(result.errLines())
                    .singleElement()
                    .asString()
                    .contains("400")
                    .doesNotContain("hunter2", "\033", "\007")
                    .hasSizeLessThan(1000);
        }
    }

    @Test
    void shouldNotShowThePasswordOfAnInvalidEndpoint() throws Exception {
        for (String endpoint : List.of("htp://me:hunter2@h:4318", "me:hunter2@h", "http://me:hun%zz hunter2@h")) {
            Result result = run(Map.of(ENDPOINT, endpoint), "--otlp", "echo", "started");
            assertThat(result.status()).isEqualTo(2);
            assertThat(result.err()).startsWith("sched-trace: --otlp: ").doesNotContain("hunter2");
        }
    }

    @Test
    void shouldWaitForASlowBackEndNoLongerThanItMay() throws Exception {
        try (OtlpCollector collector = OtlpCollector.silent()) {
            Map<String, String> variables = Map.of(
                    ENDPOINT,
                    collector.endpoint(),
                    "OTEL_BSP_EXPORT_TIMEOUT",
                    "700",
                    "OTEL_EXPORTER_OTLP_TIMEOUT",
                    "60000");
            warnsWithin(Duration.ofSeconds(30), variables, "longer than 700 ms");
        }
    }

    private static void warnsWithin(Duration time, Map<String, String> variables, String why) throws Exception {
        long start = System.nanoTime();
        Result result = run(variables, "--otlp", "-o", "/dev/null", "sh", "-c", "echo out; exit 7");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(time);
        assertThat(result.status()).isEqualTo(7);
        assertThat(result.out()).isEqualTo("out\n");
        assertThat(result.errLines())
                .singleElement()
                .asString()
                .startsWith("sched-trace: 1 of 1 spans did not reach the OpenTelemetry back end: ")
                .contains(why);
    }

    @Test
    void shouldRefuseAProtocolThatIsNone() throws Exception {
        Result result = run(Map.of("OTEL_EXPORTER_OTLP_PROTOCOL", "pigeon"), "--otlp", "echo", "started");
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.errLines())
                .last()
                .asString()
                .startsWith("sched-trace: --otlp: ")
                .contains("pigeon");
    }

    /**
     * Spans by name. The name of a shell has its exit code or signal appended, that of a connection is cut at the host.
     */
    private static Map<String, Span> byName(OtlpCollector collector) {
        Map<String, Span> spans = new TreeMap<>();
        for (Span span : collector.spans()) {
            String ending = OtlpCollector.texts(span.getAttributesList()).getOrDefault("error.type", "");
            String name = span.getName().replaceFirst(" .*", "");
            spans.put(name.equals("sh") ? "sh " + ending : name, span);
        }
        return spans;
    }

    private static String idsAndTimes(Span span) {
        return String.join(
                " ",
                OtlpCollector.hex(span.getTraceId()),
                OtlpCollector.hex(span.getSpanId()),
                OtlpCollector.hex(span.getParentSpanId()),
                time(span.getStartTimeUnixNano()),
                time(span.getEndTimeUnixNano()));
    }

    private static String time(long nanos) {
        return java.time.format.DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.nnnnnnnnn'Z'")
                .withZone(java.time.ZoneOffset.UTC)
                .format(java.time.Instant.ofEpochSecond(nanos / 1_000_000_000, nanos % 1_000_000_000));
    }

    private static Result run(Map<String, String> variables, String... args) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(Invocation.commandLine(args));
        builder.environment().keySet().removeIf(name -> name.startsWith("OTEL_"));
        builder.environment().remove("TRACEPARENT");
        builder.environment().putAll(variables);
        return Invocation.start(builder).result();
    }
}
