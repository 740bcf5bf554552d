package io.schedtrace.export;

import static io.schedtrace.lab.Spans.address;
import static io.schedtrace.lab.Spans.connection;
import static io.schedtrace.lab.Spans.process;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.internal.text.Addresses;
import io.schedtrace.internal.text.Printable;
import io.schedtrace.lab.Spans;
import io.schedtrace.model.Loss;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.TcpSpan.Outcome;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TextLinesTest {
    private final ProcessSpan shell = process(1, "sh", "-c", "ls").build();

    @Test
    void shouldWriteAProcessWithTheKeysInOrder() {
        assertThat(TextLines.format(process(255, "ls").under(shell).build()))
                .isEqualTo("type=process pid=255 ppid=1 uid=1000 comm=ls"
                        + " start_time=2025-10-28T22:15:30.123456789Z end_time=2025-10-28T22:15:31.234567890Z"
                        + " duration=1111111101ns span_id=00000000000000ff parent_span_id=0000000000000001"
                        + " trace_id=0123456789abcdef0123456789abcdef exit_code=0 cpu_time=2000000ns"
                        + " max_rss=4194304 exe=/usr/bin/ls args=ls");
    }

    @Test
    void shouldGiveARootSixteenZerosForItsParent() {
        assertThat(TextLines.format(shell)).contains(" parent_span_id=0000000000000000 ");
    }

    @Test
    void shouldWriteTheSignalInPlaceOfTheExitCode() {
        assertThat(TextLines.format(process(2, "ls").waitStatus(0x89).build()))
                .contains(" trace_id=0123456789abcdef0123456789abcdef signal=SIGKILL cpu_time=");
    }

    @Test
    void shouldLeaveTheEndOfARunningProcessEmpty() {
        assertThat(TextLines.format(process(2, "ls").running().build()))
                .contains(" end_time= duration=1111111101ns ")
                .contains(" exit_code= cpu_time= max_rss= exe=");
    }

    @Test
    void shouldWriteUserIdsAsTheKernelHasThem() {
        assertThat(TextLines.format(process(2, "ls").uid(-2).build())).contains(" uid=4294967294 ");
    }

    @Test
    void shouldWriteTimesWithNineDigitsAlways() {
        assertThat(Timestamps.format(java.time.Instant.EPOCH)).isEqualTo("1970-01-01T00:00:00.000000000Z");
    }

    @Test
    void shouldWriteAConnectionWithTheKeysInOrder() {
        assertThat(TextLines.format(
                        connection(2, shell).peerHosts("redis", "cache").build()))
                .isEqualTo("type=tcp pid=1 dest_ip=10.0.0.7 dest_port=6379 dest_host=redis,cache src_ip=10.0.0.1"
                        + " src_port=50000 family=ipv4 start_time=2025-10-28T22:15:30.123456789Z"
                        + " end_time=2025-10-28T22:15:31.234567890Z duration=1111111101ns"
                        + " tcp_span_id=0000000000000002 parent_span_id=0000000000000001"
                        + " trace_id=0123456789abcdef0123456789abcdef role=client outcome=closed bytes_sent=1234"
                        + " bytes_received=5678901");
    }

    @Test
    void shouldWriteNoCountersOfAnOpenConnection() {
        assertThat(TextLines.format(connection(2, shell).open().build())).endsWith(" role=client outcome=open");
    }

    @Test
    void shouldWriteAServersEndFromItsSide() {
        assertThat(TextLines.format(connection(2, shell)
                        .server()
                        .localHosts("api")
                        .ends(
                                new InetSocketAddress(address("2001:db8::1"), 443),
                                new InetSocketAddress(address("2001:db8::2"), 50001))
                        .failed(Outcome.TIMED_OUT, "ETIMEDOUT")
                        .build()))
                .contains(
                        "dest_ip=2001:db8::2 dest_port=50001 src_ip=2001:db8::1 src_port=443 src_host=api family=ipv6")
                .contains(" role=server outcome=timed_out bytes_sent=0 bytes_received=0");
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "::1, ::1",
        "::, ::",
        "fe80:0:0:0:1:0:0:1, fe80::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "1:0:0:2:0:0:0:3, 1:0:0:2::3",
        "0:0:0:0:0:0:0:0, ::",
        "1:2:3:4:5:6:0:0, 1:2:3:4:5:6::",
        "0:0:3:4:5:6:7:8, ::3:4:5:6:7:8",
        "::ffff:192.0.2.1, 192.0.2.1",
    })
    void shouldWriteAddressesAsRfc5952Says(String given, String written) {
        assertThat(Addresses.format(address(given))).isEqualTo(written);
    }

    @Test
    void shouldWriteAMappedAddressThatStayedIpv6() throws IOException {
        byte[] mapped = new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, (byte) 192, 0, 2, 1};
        assertThat(Addresses.format(java.net.Inet6Address.getByAddress("", mapped, 3)))
                .isEqualTo("::ffff:192.0.2.1");
    }

    @ParameterizedTest
    @MethodSource("io.schedtrace.lab.HostileStrings#all")
    void shouldWriteAnyNameOnOneLineThatReadsBack(String name) {
        String line = TextLines.format(process(2, "x").comm(name).exe(name).build());

        assertThat(line.codePoints()).allMatch(Printable::isPlain);
        Map<String, String> fields = LogfmtReader.read(line);
        assertThat(fields)
                .containsEntry("comm", name)
                .containsEntry("exe", name)
                .containsEntry("exit_code", "0");
    }

    @Test
    void shouldTellAnEmptyNameFromNone() {
        assertThat(TextLines.format(process(2, "x").comm("").build())).contains(" comm=\"\" ");
    }

    @Test
    void shouldEscapeWithTheEscapesOfC() {
        assertThat(TextLines.format(process(2, "x")
                        .comm("a\n\"\\\033\udcff\u202e\udb40\udc41")
                        .build()))
                .contains(" comm=\"a\\n\\\"\\\\\\x1b\\xff\\u202e\\U000e0041\" ");
    }

    @Test
    void shouldWriteATraceAndWhatItLost() throws IOException {
        StringBuilder out = new StringBuilder();

        TextLines.write(
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

        assertThat(List.of(out.toString().split("\n", -1)))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("type=process pid=1 "),
                        line -> assertThat(line).startsWith("type=tcp pid=1 "),
                        line -> assertThat(line)
                                .isEqualTo("type=lost trace_id=0123456789abcdef0123456789abcdef records=3 untracked=4"
                                        + " listener_events=6"),
                        line -> assertThat(line).isEmpty());
    }

    @Test
    void shouldWriteNothingForAnEmptyTrace() throws IOException {
        StringBuilder out = new StringBuilder();
        TextLines.write(Spans.trace(), out);
        assertThat(out).isEmpty();
    }
}
