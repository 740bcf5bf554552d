package io.schedtrace.export;

import static io.schedtrace.lab.Spans.START;
import static io.schedtrace.lab.Spans.connection;
import static io.schedtrace.lab.Spans.process;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.internal.text.Printable;
import io.schedtrace.lab.HostileStrings;
import io.schedtrace.lab.Spans;
import io.schedtrace.model.Exec;
import io.schedtrace.model.Loss;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.TcpSpan.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JsonLinesTest {
    private final ProcessSpan shell = process(1, "sh", "-c", "ls").build();

    @Test
    void shouldWriteAProcess() {
        assertThat(JsonLines.format(process(255, "ls", "-l").under(shell).build()))
                .isEqualTo("{\"type\":\"process\",\"trace_id\":\"0123456789abcdef0123456789abcdef\","
                        + "\"span_id\":\"00000000000000ff\",\"parent_span_id\":\"0000000000000001\",\"pid\":255,"
                        + "\"host_pid\":10255,\"ppid\":1,\"uid\":1000,\"gid\":1000,\"comm\":\"ls\","
                        + "\"exe\":\"/usr/bin/ls\",\"args\":[\"ls\",\"-l\"],\"args_truncated\":false,"
                        + "\"execs\":[{\"time\":\"2025-10-28T22:15:30.123456790Z\",\"exe\":\"/usr/bin/ls\","
                        + "\"filename\":\"/usr/bin/ls\",\"filename_truncated\":false,\"name\":\"ls\","
                        + "\"args\":[\"ls\",\"-l\"],\"args_truncated\":false}],\"start_time\":\"2025-10-28T22:15:30.123456789Z\","
                        + "\"exec_time\":\"2025-10-28T22:15:30.123456790Z\","
                        + "\"end_time\":\"2025-10-28T22:15:31.234567890Z\",\"duration_ns\":1111111101,"
                        + "\"wait_status\":0,\"exit_code\":0,\"signal\":null,\"core_dumped\":false,\"cpu_time_ns\":2000000,"
                        + "\"max_rss_bytes\":4194304,\"threads\":1,\"complete\":true}");
    }

    @Test
    void shouldWriteAProcessThatRunsAndHasNoProgram() {
        assertThat(JsonLines.format(process(2, "sh").forked().running().build()))
                .contains("\"parent_span_id\":null,")
                .contains("\"execs\":[],")
                .contains("\"exec_time\":null,\"end_time\":null,\"duration_ns\":1111111101,")
                .contains("\"exit_code\":null,\"signal\":null,\"core_dumped\":false,")
                .endsWith("\"complete\":false}");
    }

    @Test
    void shouldWriteASignal() {
        assertThat(JsonLines.format(process(2, "x").waitStatus(0x8b).build()))
                .contains("\"exit_code\":null,\"signal\":\"SIGSEGV\",\"core_dumped\":true,");
    }

    @Test
    void shouldWriteAConnection() {
        assertThat(JsonLines.format(connection(2, shell)
                        .peerHosts("redis", "cache")
                        .peerSpan(3)
                        .build()))
                .isEqualTo("{\"type\":\"tcp\",\"trace_id\":\"0123456789abcdef0123456789abcdef\","
                        + "\"span_id\":\"0000000000000002\",\"parent_span_id\":\"0000000000000001\","
                        + "\"process_span_id\":\"0000000000000001\",\"pid\":1,"
                        + "\"role\":\"client\",\"family\":\"ipv4\",\"src_ip\":\"10.0.0.1\",\"src_port\":50000,"
                        + "\"src_hosts\":[],\"dest_ip\":\"10.0.0.7\",\"dest_port\":6379,"
                        + "\"dest_hosts\":[{\"name\":\"redis\",\"origin\":\"dns\"},"
                        + "{\"name\":\"cache\",\"origin\":\"dns\"}],"
                        + "\"start_time\":\"2025-10-28T22:15:30.123456789Z\","
                        + "\"established_time\":\"2025-10-28T22:15:30.123456794Z\","
                        + "\"end_time\":\"2025-10-28T22:15:31.234567890Z\",\"duration_ns\":1111111101,"
                        + "\"bytes_sent\":1234,\"bytes_received\":5678901,\"retransmits\":2,\"rtt_ns\":123999,"
                        + "\"outcome\":\"closed\",\"error\":null,\"peer_span_id\":\"0000000000000003\","
                        + "\"complete\":true}");
    }

    @Test
    void shouldWriteNoCountersOfAnOpenConnection() {
        assertThat(JsonLines.format(connection(2, shell).open().build()))
                .contains("\"bytes_sent\":null,\"bytes_received\":null,\"retransmits\":null,\"rtt_ns\":null,");
    }

    @Test
    void shouldWriteARefusedConnection() {
        assertThat(JsonLines.format(connection(2, shell)
                        .failed(Outcome.REFUSED, "ECONNREFUSED")
                        .build()))
                .contains("\"established_time\":null,")
                .contains("\"outcome\":\"refused\",\"error\":\"ECONNREFUSED\",\"peer_span_id\":null,");
    }

    @Test
    void shouldEndWithTheTrace() throws IOException {
        StringBuilder out = new StringBuilder();
        JsonLines.write(
                Spans.trace(
                        Loss.builder()
                                .recordsByType(Map.of("exec_data", 2L, "process_end", 1L))
                                .untracked(4)
                                .truncated(5)
                                .listenerEvents(6)
                                .build(),
                        shell,
                        connection(2, shell).build()),
                out);
        assertThat(out.toString().lines()).hasSize(4).last().isEqualTo("""
                        {"type":"trace","trace_id":"0123456789abcdef0123456789abcdef","parent_span_id":null,\
                        "via":"built",\
                        "processes":1,"connections":1,"listeners":0,"lost":7,\
                        "lost_records":{"exec_data":2,"process_end":1},"untracked":4,"truncated":5,\
                        "listener_events":6,"cut":null}""");
    }

    @Test
    void shouldWriteAnEmptyTrace() throws IOException {
        StringBuilder out = new StringBuilder();
        JsonLines.write(Spans.trace(), out);
        assertThat(out)
                .hasToString("{\"type\":\"header\",\"format\":\"sched-trace\",\"version\":1,"
                        + "\"trace_id\":\"0123456789abcdef0123456789abcdef\",\"order\":\"start\"}\n"
                        + "{\"type\":\"trace\",\"trace_id\":\"0123456789abcdef0123456789abcdef\","
                        + "\"parent_span_id\":null,\"via\":\"built\",\"processes\":0,\"connections\":0,\"listeners\":0,"
                        + "\"lost\":0,\"lost_records\":{},\"untracked\":0,\"truncated\":0,"
                        + "\"listener_events\":0,\"cut\":null}\n");
    }

    @Test
    void shouldWriteBytesThatAreNotUtf8AsSingleSurrogates() {
        assertThat(JsonLines.format(process(2, "x", "\udc80\udcff").build())).contains("[\"x\",\"\\udc80\\udcff\"]");
    }

    @ParameterizedTest
    @MethodSource("io.schedtrace.lab.HostileStrings#all")
    void shouldWriteAnyStringInPrintableCharacters(String hostile) {
        String line = JsonLines.format(hostile(hostile));
        assertThat(line.codePoints()).allMatch(Printable::isPlain);
        assertThat(new String(line.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .isEqualTo(line);
    }

    @Test
    void shouldBeReadByPythonWithEveryStringWhole() throws Exception {
        List<String> strings = HostileStrings.all().toList();
        String lines =
                strings.stream().map(s -> JsonLines.format(hostile(s)) + "\n").collect(Collectors.joining());

        String read = run(lines, "python3", "-c", """
                import json, sys
                def refuse(constant):
                    raise ValueError(constant)
                def pairs(pairs):
                    assert len(dict(pairs)) == len(pairs), 'a key twice'
                    return dict(pairs)
                for line in sys.stdin.buffer:
                    span = json.loads(line.decode('utf-8'), parse_constant=refuse, object_pairs_hook=pairs)
                    print(' '.join(str(ord(c)) for c in span['args'][1]))
                """);

        List<String> expected = strings.stream().map(JsonLinesTest::codePoints).toList();
        assertThat(read.lines()).containsExactlyElementsOf(expected);
    }

    @Test
    void shouldBeReadByJq() throws Exception {
        StringBuilder out = new StringBuilder();
        JsonLines.write(
                Spans.trace(
                        shell,
                        hostile("a\n\"\\\033\u202eü"),
                        hostile("\udc80"),
                        connection(2, shell).build()),
                out);
        assertThat(run(out.toString(), "jq", "-r", "[.type, (keys | length), (.args[1] // \"\" | @json)] | join(\" \")")
                        .lines())
                .containsExactly(
                        "header 5 \"\"",
                        "process 26 \"-c\"",
                        "process 26 \"a\\n\\\"\\\\\\u001b\u202eü\"",
                        "process 26 \"\ufffd\"",
                        "tcp 26 \"\"",
                        "trace 13 \"\"");
    }

    private static ProcessSpan hostile(String string) {
        return process(2, "x", string)
                .comm(string)
                .exe(string)
                .execs(Exec.builder()
                        .time(START)
                        .exe(string)
                        .arguments(List.of(string))
                        .build())
                .build();
    }

    /** As Python has them: a pair of surrogates is one character. */
    private static String codePoints(String string) {
        return string.codePoints().mapToObj(Integer::toString).collect(Collectors.joining(" "));
    }

    private static String run(String input, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Thread writer = new Thread(() -> {
            try (OutputStream stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        writer.start();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        process.getInputStream().transferTo(out);
        writer.join();
        assertThat(process.waitFor()).isZero();
        return out.toString(StandardCharsets.UTF_8);
    }
}
