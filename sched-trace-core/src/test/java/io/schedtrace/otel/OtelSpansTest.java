package io.schedtrace.otel;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.schedtrace.model.Exec;
import io.schedtrace.model.ExitStatus;
import io.schedtrace.model.HostName;
import io.schedtrace.model.ListenSpan;
import io.schedtrace.model.Loss;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.SessionSpan;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TcpSpan.Counters;
import io.schedtrace.model.TcpSpan.Outcome;
import io.schedtrace.model.TcpSpan.Role;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TraceId;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OtelSpansTest {
    private static final TraceId TRACE = TraceId.parse("4bf92f3577b34da6a3ce929d0e0e4736");
    private static final Instant START = Instant.parse("2025-10-28T22:15:30.123456789Z");
    private static final Duration TOOK = Duration.ofNanos(1_111_111_101);

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final SpanProcessor processor = SimpleSpanProcessor.create(exporter);
    private final ProcessSpan root = process(1, null, 0, "/bin/sh", "-c", "x");

    @Test
    void shouldKeepIdsAndTimes() {
        ProcessSpan child = process(2, 1L, 0, "ls");
        export(OtelSpans.builder(processor).build(), root, child);

        SpanData span = span(2);
        assertThat(span.getTraceId()).isEqualTo(TRACE.toString());
        assertThat(span.getParentSpanId()).isEqualTo(new SpanId(1).toString());
        assertThat(span.getParentSpanContext().isRemote()).isFalse();
        assertThat(span.getStartEpochNanos()).isEqualTo(1_761_689_730_123_456_789L);
        assertThat(span.getEndEpochNanos() - span.getStartEpochNanos()).isEqualTo(TOOK.toNanos());
        assertThat(span.getSpanContext().isSampled()).isTrue();
        assertThat(span.hasEnded()).isTrue();
        assertThat(span(1).getParentSpanContext().isValid()).isFalse();
        assertThat(span.getResource().getAttribute(AttributeKey.stringKey("service.name")))
                .isEqualTo("sched-trace");
    }

    @Test
    void shouldDescribeAProcess() {
        export(OtelSpans.builder(processor).attribute("team", "infra").build(), process(1, null, 3 << 8, "sh", "-c"));

        SpanData span = span(1);
        assertThat(span.getName()).isEqualTo("sh");
        assertThat(span.getKind()).isEqualTo(SpanKind.INTERNAL);
        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(span.getStatus().getDescription()).isEqualTo("exit 3");
        assertThat(text(span))
                .containsEntry("process.pid", "1")
                .containsEntry("process.parent_pid", "77")
                .containsEntry("process.real_user.id", "4294967295")
                .containsEntry("process.executable.name", "dash")
                .containsEntry("process.executable.path", "/usr/bin/dash")
                .containsEntry("process.command", "sh")
                .containsEntry("process.args_count", "2")
                .containsEntry("process.exit.code", "3")
                .containsEntry("error.type", "3")
                .containsEntry("team", "infra")
                .doesNotContainKeys("process.command_args", "schedtrace.incomplete", "schedtrace.lost.records");
        assertThat(span.getEvents()).extracting(EventData::getName).containsExactly("exec sh");
    }

    @Test
    void shouldTellSuccessAndSignalsApart() {
        export(OtelSpans.builder(processor).build(), root, process(2, 1L, 9, "sleep"));
        assertThat(span(1).getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        assertThat(text(span(1))).containsEntry("process.exit.code", "0").doesNotContainKey("error.type");
        assertThat(span(2).getStatus().getDescription()).isEqualTo("SIGKILL");
        assertThat(text(span(2))).containsEntry("error.type", "SIGKILL").doesNotContainKey("process.exit.code");
    }

    @Test
    void shouldExportArgumentsOnlyWhenAskedAndMaskPasswords() {
        ProcessSpan process = process(1, null, 0, "curl", "http://me:secret@host/", "caf\udce9 \ud800 \ud83d\ude00");
        export(OtelSpans.builder(processor).arguments(true).build(), process);
        assertThat(text(span(1)))
                .containsEntry("process.command_args", "[curl, http://***@host/, caf\\xe9 \ufffd \ud83d\ude00]");
    }

    @Test
    void shouldDescribeAClient() {
        export(OtelSpans.builder(processor).build(), root, connection(5, Role.CLIENT, Outcome.REFUSED, "ECONNREFUSED"));

        SpanData span = span(5);
        assertThat(span.getName()).isEqualTo("connect redis:6379");
        assertThat(span.getKind()).isEqualTo(SpanKind.CLIENT);
        assertThat(span.getStatus().getDescription()).isEqualTo("refused (ECONNREFUSED)");
        assertThat(text(span))
                .containsEntry("server.address", "redis")
                .containsEntry("server.port", "6379")
                .containsEntry("network.peer.address", "::1")
                .containsEntry("network.peer.port", "6379")
                .containsEntry("network.local.address", "fe80::1")
                .containsEntry("network.local.port", "50000")
                .containsEntry("network.transport", "tcp")
                .containsEntry("network.type", "ipv6")
                .containsEntry("error.type", "ECONNREFUSED")
                .doesNotContainKey("client.address");
    }

    @Test
    void shouldPutAServerUnderItsClientWithALinkToItsProcess() {
        TcpSpan server = connection(6, Role.SERVER, Outcome.CLOSED, null);
        export(OtelSpans.builder(processor).build(), root, server);

        SpanData span = span(6);
        assertThat(span.getName()).isEqualTo("accept 50000");
        assertThat(span.getKind()).isEqualTo(SpanKind.SERVER);
        assertThat(span.getParentSpanId()).isEqualTo(new SpanId(5).toString());
        assertThat(span.getLinks())
                .extracting(LinkData::getSpanContext)
                .extracting(c -> c.getSpanId())
                .containsExactly(new SpanId(1).toString());
        assertThat(text(span))
                .containsEntry("client.address", "redis")
                .containsEntry("server.address", "fe80::1")
                .containsEntry("server.port", "50000");
    }

    @Test
    void shouldTakeAResetByThisSideForNoFailure() {
        export(OtelSpans.builder(processor).build(), root, connection(5, Role.CLIENT, Outcome.RESET, null));
        assertThat(span(5).getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    }

    @Test
    void shouldMarkWhatHasNoEnd() {
        ProcessSpan running = process(1, null, null, "sleep", "100");
        OtelSpans spans = OtelSpans.builder(processor).build();
        spans.processStarted(running);
        assertThat(exporter.getFinishedSpanItems()).isEmpty();
        spans.traceClosed(trace(Loss.NONE, running));

        SpanData span = span(1);
        assertThat(span.getEndEpochNanos() - span.getStartEpochNanos()).isEqualTo(TOOK.toNanos());
        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        assertThat(text(span)).containsEntry("schedtrace.incomplete", "true").doesNotContainKey("process.exit.code");
    }

    @Test
    void shouldTellOfLossesAtTheRoot() {
        Loss loss = Loss.builder()
                .recordsByType(Map.of("exec_data", 2L))
                .untracked(3)
                .listenerEvents(4)
                .build();
        ProcessSpan child = process(2, 1L, 0, "ls");
        OtelSpans spans = OtelSpans.builder(processor).name("nightly").build();
        started(spans, root, child);
        assertThat(exporter.getFinishedSpanItems())
                .extracting(SpanData::getName)
                .containsExactly("ls");
        spans.traceClosed(trace(loss, root, child));

        assertThat(exporter.getFinishedSpanItems())
                .extracting(SpanData::getName)
                .containsExactly("ls", "nightly");
        assertThat(text(span(1)))
                .containsEntry("schedtrace.lost.records", "2")
                .containsEntry("schedtrace.lost.untracked", "3")
                .containsEntry("schedtrace.lost.listener_events", "4");
        assertThat(span(1).getInstrumentationScopeInfo().getAttributes().get(FinishedSpans.LOST_RECORDS))
                .isEqualTo(2);
        assertThat(span(2).getInstrumentationScopeInfo().getAttributes().isEmpty())
                .isTrue();
    }

    @Test
    void shouldTakeAParentInAnotherTraceForRemote() {
        export(OtelSpans.builder(processor).name("job").build(), process(1, 99L, 0, "sh"), process(2, 1L, 0, "ls"));
        assertThat(span(1).getName()).isEqualTo("job");
        assertThat(span(1).getParentSpanContext().isRemote()).isTrue();
        assertThat(span(1).getParentSpanId()).isEqualTo(new SpanId(99).toString());
        assertThat(span(2).getName()).isEqualTo("ls");
    }

    @Test
    void shouldPutProcessesUnderTheSpanOfTheirSession() {
        SessionSpan session = SessionSpan.builder()
                .traceId(TRACE)
                .spanId(new SpanId(9))
                .parentSpanId(new SpanId(99))
                .name("a test")
                .startTime(START)
                .endTime(START.plus(TOOK))
                .build();
        ProcessSpan process = process(1, 9L, 0, "sh");
        OtelSpans spans = OtelSpans.builder(processor).build();
        started(spans, process);
        spans.traceClosed(Trace.builder()
                .session(session)
                .processes(List.of(process))
                .loss(Loss.builder().untracked(1).build())
                .build());

        assertThat(span(9).getName()).isEqualTo("a test");
        assertThat(span(9).getParentSpanContext().isRemote()).isTrue();
        assertThat(text(span(9))).containsEntry("schedtrace.lost.untracked", "1");
        assertThat(span(1).getParentSpanContext().isRemote()).isFalse();
        assertThat(text(span(1))).doesNotContainKey("schedtrace.lost.untracked");
    }

    @Test
    void shouldDescribeAListener() {
        ListenSpan listener = ListenSpan.builder()
                .process(root)
                .spanId(new SpanId(7))
                .address(InetAddress.getLoopbackAddress())
                .port(6379)
                .startTime(START)
                .endTime(START.plus(TOOK))
                .build();
        ListenSpan open = listener.toBuilder()
                .spanId(new SpanId(8))
                .port(null)
                .endTime(null)
                .complete(false)
                .build();
        OtelSpans spans = OtelSpans.builder(processor).build();
        started(spans, root);
        spans.listenEnded(listener);
        spans.traceClosed(Trace.builder()
                .processes(List.of(root))
                .listeners(List.of(listener, open))
                .build());

        assertThat(span(7).getName()).isEqualTo("listen 6379");
        assertThat(span(7).getKind()).isEqualTo(SpanKind.INTERNAL);
        assertThat(span(7).getParentSpanId()).isEqualTo(root.spanId().toString());
        assertThat(text(span(7)))
                .containsOnly(
                        Map.entry("process.pid", "1"),
                        Map.entry("network.transport", "tcp"),
                        Map.entry("network.type", "ipv4"),
                        Map.entry("network.local.address", "127.0.0.1"),
                        Map.entry("network.local.port", "6379"));
        assertThat(span(8).getName()).isEqualTo("listen");
        assertThat(text(span(8)))
                .containsEntry("schedtrace.incomplete", "true")
                .doesNotContainKey("network.local.port");
        assertThat(exporter.getFinishedSpanItems()).hasSize(3);
    }

    @Test
    void shouldExportNothingOfATraceWithoutProcesses() {
        OtelSpans.builder(processor).build().traceClosed(trace(Loss.NONE));
        OtelSpans.builder(processor)
                .build()
                .traceClosed(trace(Loss.builder()
                        .recordsByType(Map.of("process_start", 1L))
                        .build()));
        assertThat(exporter.getFinishedSpanItems()).isEmpty();
    }

    @Test
    void shouldExportWhatItWasNotToldOf() {
        OtelSpans.builder(processor).build().traceClosed(trace(Loss.NONE, root, process(2, 1L, 0, "ls")));
        assertThat(exporter.getFinishedSpanItems()).hasSize(2);
    }

    @Test
    void shouldNotLoseSpansInTheQueueOfABatchProcessor() {
        LongAdder exported = new LongAdder();
        BatchSpanProcessor batch = BatchSpanProcessor.builder(new BackEnd(spans -> {
                    exported.add(spans.size());
                    return CompletableResultCode.ofSuccess();
                }))
                .build();
        OtelSpans spans = OtelSpans.builder(batch).build();
        spans.processStarted(root);
        LongStream.rangeClosed(2, 20_000).forEach(id -> spans.processEnded(process(id, 1L, 0, "true")));
        spans.traceClosed(trace(Loss.NONE, root));
        // Right after one flush has been answered, the processor may give the same answer to the next one, and
        // shutdown()
        // begins with a flush.
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (exported.sum() < 20_000 && System.nanoTime() < deadline) {
            assertThat(batch.forceFlush().join(60, TimeUnit.SECONDS).isSuccess())
                    .isTrue();
        }
        assertThat(batch.shutdown().join(60, TimeUnit.SECONDS).isSuccess()).isTrue();
        assertThat(spans.handedOver()).isEqualTo(20_000);
        assertThat(exported.sum()).isEqualTo(20_000);
    }

    @Test
    void shouldNotWaitForABackEndThatFailed() {
        BatchSpanProcessor batch = BatchSpanProcessor.builder(new BackEnd(batched -> CompletableResultCode.ofFailure()))
                .build();
        OtelSpans spans = OtelSpans.builder(batch).build();
        spans.processStarted(root);
        long start = System.nanoTime();
        LongStream.rangeClosed(2, 20_000).forEach(id -> spans.processEnded(process(id, 1L, 0, "true")));
        spans.hurry(Duration.ZERO);
        spans.traceClosed(trace(Loss.NONE, root));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
        assertThat(spans.handedOver()).isEqualTo(20_000);
    }

    /** Answers each batch as the function does. */
    private record BackEnd(Function<Collection<SpanData>, CompletableResultCode> answer) implements SpanExporter {
        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            return answer.apply(spans);
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }

    private static void started(OtelSpans spans, ProcessSpan... processes) {
        Arrays.stream(processes).forEach(spans::processStarted);
        Arrays.stream(processes).forEach(spans::processEnded);
    }

    private static void export(OtelSpans spans, ProcessSpan... processes) {
        started(spans, processes);
        spans.traceClosed(trace(Loss.NONE, processes));
    }

    private static void export(OtelSpans spans, ProcessSpan process, TcpSpan connection) {
        started(spans, process);
        spans.connectionEnded(connection);
        spans.traceClosed(Trace.builder()
                .processes(List.of(process))
                .connections(List.of(connection))
                .build());
    }

    private SpanData span(long id) {
        return exporter.getFinishedSpanItems().stream()
                .filter(span -> span.getSpanId().equals(new SpanId(id).toString()))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, String> text(SpanData span) {
        Map<String, String> text = new java.util.TreeMap<>();
        span.getAttributes().forEach((key, value) -> text.put(key.getKey(), value.toString()));
        return text;
    }

    private static Trace trace(Loss loss, ProcessSpan... processes) {
        return Trace.builder()
                .traceId(TRACE)
                .processes(List.of(processes))
                .loss(loss)
                .build();
    }

    private static ProcessSpan process(long id, @Nullable Long parent, @Nullable Integer status, String... command) {
        Exec exec = Exec.builder()
                .time(START.plusNanos(1))
                .exe("/usr/bin/dash")
                .filename("/bin/" + new java.io.File(command[0]).getName())
                .arguments(List.of(command))
                .build();
        return ProcessSpan.builder()
                .traceId(TRACE)
                .spanId(new SpanId(id))
                .parentSpanId(parent == null ? null : new SpanId(parent))
                .pid(id)
                .hostPid(id)
                .ppid(77L)
                .uid(-1)
                .gid(0)
                .comm("comm")
                .execs(List.of(exec))
                .startTime(START)
                .endTime(status == null ? null : START.plus(TOOK))
                .duration(TOOK)
                .exit(status == null ? null : new ExitStatus(status))
                .build();
    }

    private static TcpSpan connection(long id, Role role, Outcome outcome, @Nullable String error) {
        return TcpSpan.builder()
                .traceId(TRACE)
                .spanId(new SpanId(id))
                .parentSpanId(new SpanId(role == Role.CLIENT ? 1 : 5))
                .processSpanId(new SpanId(1))
                .pid(1L)
                .role(role)
                .local(new InetSocketAddress(address("fe80::1"), 50_000))
                .peer(new InetSocketAddress(address("::1"), 6379))
                .peerHosts(List.of(new HostName("redis", "dns"), new HostName("cache", "hosts")))
                .startTime(START)
                .endTime(START.plus(TOOK))
                .counters(Counters.builder()
                        .bytesSent(1)
                        .bytesReceived(2)
                        .retransmits(3)
                        .rtt(Duration.ofNanos(4))
                        .build())
                .outcome(outcome)
                .error(error)
                .build();
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
