package io.schedtrace.export;

import static io.schedtrace.lab.Spans.START;
import static io.schedtrace.lab.Spans.connection;
import static io.schedtrace.lab.Spans.process;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.internal.text.Printable;
import io.schedtrace.lab.HostileStrings;
import io.schedtrace.lab.SampleTraces;
import io.schedtrace.lab.Spans;
import io.schedtrace.model.Exec;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.Trace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against what the Trace Event Format asks for, and what Perfetto's importer makes of it. */
class PerfettoTraceTest {
    static Stream<Trace> traces() {
        return Stream.of(
                SampleTraces.failedBuild(),
                SampleTraces.passedBuild(),
                SampleTraces.empty(),
                SampleTraces.lossy(),
                SampleTraces.ofATest(),
                SampleTraces.hostile(),
                SampleTraces.big(2_000));
    }

    @ParameterizedTest
    @MethodSource("traces")
    void shouldGiveEveryEventWhatItsKindNeeds(Trace trace) {
        assertThat(events(trace)).isNotEmpty().allSatisfy(event -> {
            assertThat(event).containsKeys("ph", "name", "cat", "pid", "tid", "ts");
            assertThat(event.get("name").toString()).isNotEmpty();
            assertThat((Long) event.get("pid")).isBetween(1L, 0xffff_ffffL).isEqualTo(event.get("tid"));
            assertThat(number(event, "ts")).isNotNegative();
            switch (event.get("ph").toString()) {
                case "X" -> assertThat(number(event, "dur")).isNotNegative();
                case "b", "e", "s" -> assertThat(event.get("id").toString()).matches("0x[0-9a-f]{16}");
                case "f" -> assertThat(event).containsEntry("bp", "e").containsKey("id");
                case "i" -> assertThat(event).containsEntry("s", "g");
                case "C", "M" ->
                    assertThat(JsonValues.object(event.get("args"))).hasSize(1);
                default -> throw new AssertionError(event);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("traces")
    void shouldNestTheSlicesOfATrack(Trace trace) {
        Map<Object, Deque<BigDecimal>> open = new HashMap<>();
        for (Map<String, Object> slice : inOrder(trace, "X")) {
            BigDecimal start = number(slice, "ts");
            BigDecimal end = start.add(number(slice, "dur"));
            Deque<BigDecimal> ends = open.computeIfAbsent(slice.get("tid"), track -> new ArrayDeque<>());
            while (!ends.isEmpty() && ends.peek().compareTo(start) <= 0) {
                ends.pop();
            }
            assertThat(ends.isEmpty() || ends.peek().compareTo(end) >= 0)
                    .as(slice.toString())
                    .isTrue();
            ends.push(end);
        }
    }

    @ParameterizedTest
    @MethodSource("traces")
    void shouldEndEveryAsynchronousSliceThatItBegins(Trace trace) {
        Map<Object, Deque<Object>> open = new HashMap<>();
        for (Map<String, Object> event : inOrder(trace, "b", "e")) {
            Deque<Object> names = open.computeIfAbsent(event.get("id"), id -> new ArrayDeque<>());
            if (event.get("ph").equals("b")) {
                names.push(event.get("name"));
            } else {
                assertThat(names.pop()).isEqualTo(event.get("name"));
            }
        }
        assertThat(open)
                .hasSize(trace.connections().size())
                .allSatisfy((id, names) -> assertThat(names).isEmpty());
    }

    @ParameterizedTest
    @MethodSource("traces")
    void shouldNameEachProcessOnceAndBindFlowsToSlices(Trace trace) {
        List<Map<String, Object>> names = events(trace).stream()
                .filter(event -> event.get("name").equals("process_name"))
                .toList();
        assertThat(names).hasSize(trace.processes().size() + 1);
        assertThat(names).extracting(event -> event.get("pid")).doesNotHaveDuplicates();

        for (Map<String, Object> flow : inOrder(trace, "s", "f")) {
            assertThat(inOrder(trace, "X"))
                    .as("a slice that holds " + flow)
                    .anyMatch(slice -> slice.get("tid").equals(flow.get("tid"))
                            && number(slice, "ts").compareTo(number(flow, "ts")) <= 0
                            && number(slice, "ts").add(number(slice, "dur")).compareTo(number(flow, "ts")) >= 0);
        }
    }

    @Test
    void shouldLeadAFlowFromTheClientToTheServer() {
        List<Map<String, Object>> events = events(SampleTraces.failedBuild());
        List<Map<String, Object>> starts = of(events, "s");
        List<Map<String, Object>> ends = of(events, "f");
        assertThat(starts).hasSize(3);
        assertThat(ends)
                .extracting(event -> event.get("id"))
                .containsExactlyInAnyOrderElementsOf(
                        starts.stream().map(event -> event.get("id")).toList());
        for (Map<String, Object> start : starts) {
            Map<String, Object> end = ends.stream()
                    .filter(event -> event.get("id").equals(start.get("id")))
                    .findAny()
                    .orElseThrow();
            assertThat(number(start, "ts")).isLessThanOrEqualTo(number(end, "ts"));
            assertThat(end.get("pid")).isNotEqualTo(start.get("pid"));
            assertThat(of(events, "b"))
                    .filteredOn(event -> start.get("id").equals(event.get("bind_id")))
                    .hasSize(2)
                    .anyMatch(event -> Boolean.TRUE.equals(event.get("flow_out"))
                            && event.get("pid").equals(start.get("pid")))
                    .anyMatch(event -> Boolean.TRUE.equals(event.get("flow_in"))
                            && event.get("pid").equals(end.get("pid")));
        }
    }

    @Test
    void shouldCountWhatLives() {
        List<Map<String, Object>> counts = of(events(SampleTraces.passedBuild()), "C").stream()
                .filter(event -> event.get("name").equals("live processes"))
                .toList();
        assertThat(counts)
                .extracting(event -> JsonValues.object(event.get("args")).get("count"))
                .containsExactly(1L, 2L, 3L, 4L, 3L, 2L, 1L, 2L, 1L, 0L);
        assertThat(counts)
                .extracting(event -> number(event, "ts").intValue() / 1000)
                .containsExactly(0, 20, 21, 22, 60, 75, 80, 90, 300, 320);
    }

    @Test
    void shouldNestTheProgramsOfAProcess() {
        ProcessSpan process = process(7, "env", "ls")
                .execs(
                        Exec.builder()
                                .time(START.plusNanos(1_001))
                                .exe("/usr/bin/env")
                                .arguments(List.of("env", "ls"))
                                .build(),
                        Exec.builder()
                                .time(START.plusNanos(5_000))
                                .exe("/usr/bin/ls")
                                .arguments(List.of("ls"))
                                .build())
                .build();
        List<Map<String, Object>> slices = of(events(Spans.trace(process)), "X");
        assertThat(slices).extracting(slice -> slice.get("name")).containsExactly("ls", "env", "ls");
        assertThat(slices)
                .extracting(slice -> number(slice, "ts").toPlainString())
                .containsExactly("0.000", "1.001", "5.000");
        assertThat(slices)
                .extracting(slice -> number(slice, "dur").toPlainString())
                .containsExactly("1111111.101", "3.999", "1111106.101");
    }

    @Test
    void shouldTellApartProcessesThatHadTheSamePid() {
        ProcessSpan first = process(7, "a").build();
        List<Map<String, Object>> slices =
                of(events(Spans.trace(first, process(8, "b").build(), again(first))), "X");
        assertThat(slices)
                .extracting(slice -> slice.get("pid"))
                .contains(10_007L, 10_008L)
                .hasSize(6);
        assertThat(Set.copyOf(slices.stream().map(slice -> slice.get("pid")).toList()))
                .hasSize(3);
    }

    @Test
    void shouldSayWhatWasLost() {
        Map<String, Object> document = document(SampleTraces.lossy());
        assertThat(JsonValues.object(document.get("otherData")).get("lost").toString())
                .contains("8,210 kernel records");
        assertThat(of(events(SampleTraces.lossy()), "i"))
                .singleElement()
                .satisfies(event -> assertThat(event.get("name").toString()).startsWith("LOST: 8,210"));
    }

    @Test
    void shouldEndOpenSpansWithTheTrace() {
        ProcessSpan running = process(1, "sleep").running().build();
        List<Map<String, Object>> events =
                events(Spans.trace(running, connection(2, running).open().build()));
        assertThat(JsonValues.object(of(events, "X").get(0).get("args"))).containsEntry("state", "running");
        assertThat(JsonValues.object(of(events, "b").get(0).get("args"))).containsEntry("outcome", "open");
        assertThat(of(events, "e"))
                .last()
                .satisfies(event -> assertThat(number(event, "ts")).isEqualTo("1111111.101"));
    }

    @ParameterizedTest
    @MethodSource("io.schedtrace.lab.HostileStrings#all")
    void shouldWriteAnyStringInPrintableCharacters(String hostile) throws IOException {
        Trace trace = HostileStrings.trace(hostile);
        StringBuilder out = new StringBuilder();
        PerfettoTrace.write(trace, out);
        assertThat(out.toString().strip().codePoints()).allMatch(Printable::isPlain);
        assertThat(events(trace))
                .allSatisfy(event -> assertThat(event.toString().codePoints()).allMatch(Printable::isPlain));
    }

    /** Another process with the same pid. */
    private static ProcessSpan again(ProcessSpan p) {
        return p.toBuilder().spanId(new SpanId(99)).parentSpanId(null).build();
    }

    /** As a viewer takes them: by time, those of the same time as they are written. */
    private static List<Map<String, Object>> inOrder(Trace trace, String... phases) {
        List<Map<String, Object>> chosen = new ArrayList<>(events(trace).stream()
                .filter(event -> List.of(phases).contains(event.get("ph")))
                .toList());
        chosen.sort(Comparator.comparing(event -> number(event, "ts")));
        return chosen;
    }

    private static List<Map<String, Object>> of(List<Map<String, Object>> events, String phase) {
        return events.stream().filter(event -> event.get("ph").equals(phase)).toList();
    }

    private static List<Map<String, Object>> events(Trace trace) {
        return JsonValues.objects(document(trace).get("traceEvents"));
    }

    private static Map<String, Object> document(Trace trace) {
        StringBuilder out = new StringBuilder();
        try {
            PerfettoTrace.write(trace, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return JsonValues.object(JsonValues.parse(out.toString()));
    }

    private static BigDecimal number(Map<String, Object> event, String field) {
        return (BigDecimal) event.get(field);
    }
}
