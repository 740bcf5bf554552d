package io.schedtrace.model;

import static io.schedtrace.lab.Spans.START;
import static io.schedtrace.lab.Spans.address;
import static io.schedtrace.lab.Spans.connection;
import static io.schedtrace.lab.Spans.process;
import static io.schedtrace.lab.Spans.trace;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.schedtrace.internal.text.Printable;
import io.schedtrace.model.TcpSpan.Outcome;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TreeTextTest {
    private static final String ID = "0123456789abcdef0123456789abcdef";

    private final ProcessSpan shell =
            process(1, "sh", "-c", "make; curl").waitStatus(0x700).build();

    @Test
    void shouldDrawTheTree() {
        ProcessSpan make = process(2, "make", "check").under(shell).build();
        ProcessSpan sub = process(3, "sh")
                .forked()
                .under(make)
                .took(Duration.ofNanos(850_000))
                .build();
        ProcessSpan curl = process(4, "curl", "http://redis:6379/")
                .under(shell)
                .waitStatus(0x700)
                .took(Duration.ofNanos(12_345_678))
                .build();
        ProcessSpan sleep = process(5, "sleep", "100").under(shell).running().build();

        assertThat(TreeText.plain()
                        .format(trace(
                                shell,
                                make,
                                sub,
                                curl,
                                sleep,
                                connection(10, curl)
                                        .peerHosts("redis")
                                        .failed(Outcome.REFUSED, "ECONNREFUSED")
                                        .build(),
                                connection(11, curl).build())))
                .isEqualTo("""
                        sh -c 'make; curl'  [1] 1.11 s  ✗ exit 7
                        ├─ make check  [2] 1.11 s
                        │  └─ sh (fork)  [3] 850 µs
                        ├─ curl http://redis:6379/  [4] 12.3 ms  ✗ exit 7
                        │  ├─ → redis:6379 (10.0.0.7)  1.11 s  ✗ refused (ECONNREFUSED)
                        │  └─ → 10.0.0.7:6379  1.11 s  sent 1.21 KiB, received 5.42 MiB
                        └─ sleep 100  [5] 1.11 s  running
                        5 processes, 2 connections, trace %s""".formatted(ID));
    }

    @Test
    void shouldColourWhatStandsOutAndChangeNoCharacter() {
        var spans = trace(
                Loss.builder().recordsByType(Map.of("exec_data", 1L)).build(),
                shell,
                process(2, "sleep").under(shell).running().build(),
                connection(10, shell).build());

        String coloured = TreeText.coloured().format(spans);

        assertThat(coloured)
                .contains("\033[1msh\033[0m")
                .contains("\033[1;31m✗ exit 7\033[0m")
                .contains("\033[33mrunning\033[0m")
                .contains("\033[36m→ 10.0.0.7:6379\033[0m");
        assertThat(coloured.replaceAll("\033\\[[0-9;]*m", ""))
                .isEqualTo(TreeText.plain().format(spans));
    }

    @Test
    void shouldShowHowProcessesEnded() {
        assertThat(lines(
                        process(1, "a").waitStatus(0x8b).build(),
                        process(2, "b").waitStatus(9).build(),
                        process(3, "c").endUnknown().build(),
                        process(4, "d").incomplete().build(),
                        process(5, "e").waitStatus(0x100).incomplete().build()))
                .containsExactly(
                        "a  [1] 1.11 s  ✗ SIGSEGV (core dumped)",
                        "b  [2] 1.11 s  ✗ SIGKILL",
                        "c  [3] 1.11 s  end unknown",
                        "d  [4] 1.11 s  incomplete",
                        "e  [5] 1.11 s  ✗ exit 1  incomplete");
    }

    @Test
    void shouldShowConnectionsOfBothEndsAndOutcomes() {
        ProcessSpan client = process(1, "client").build();
        ProcessSpan server = process(2, "server").build();
        InetSocketAddress here = new InetSocketAddress(address("::1"), 8080);
        InetSocketAddress there = new InetSocketAddress(address("::1"), 50001);

        assertThat(lines(
                        client,
                        server,
                        connection(10, client)
                                .ends(there, here)
                                .peerHosts("localhost")
                                .peerSpan(11)
                                .build(),
                        connection(11, server)
                                .server()
                                .ends(here, there)
                                .peerSpan(10)
                                .open()
                                .build(),
                        connection(12, null)
                                .failed(Outcome.TIMED_OUT, "ETIMEDOUT")
                                .build(),
                        connection(13, null).failed(Outcome.ABANDONED, null).build()))
                .containsExactly(
                        "→ 10.0.0.7:6379  1.11 s  ✗ timed out (ETIMEDOUT)",
                        "→ 10.0.0.7:6379  1.11 s  abandoned",
                        "client  [1] 1.11 s",
                        "└─ → localhost:8080 (::1) server [2]  1.11 s  sent 1.21 KiB, received 5.42 MiB",
                        "server  [2] 1.11 s",
                        "└─ ← [::1]:50001 client [1] to port 8080  1.11 s  open");
    }

    @Test
    void shouldShowThatAConnectionOfAnUnknownProcessExists() {
        assertThat(lines(connection(12, shell).build()))
                .containsExactly("→ 10.0.0.7:6379  1.11 s  sent 1.21 KiB, received 5.42 MiB");
    }

    @Test
    void shouldShowEarlierPrograms() {
        Exec env = Exec.builder()
                .time(START)
                .exe("/usr/bin/env")
                .arguments(List.of("env", "x"))
                .build();
        Exec last = Exec.builder()
                .time(START)
                .exe("/usr/bin/x")
                .arguments(List.of("x", "1"))
                .build();
        assertThat(lines(
                        process(1, "x", "1").execs(env, last).build(),
                        process(2, "x", "1")
                                .execs(env, env, env, env, env, last)
                                .build()))
                .containsExactly("env » x 1  [1] 1.11 s", "env » env » env » … +2 » x 1  [2] 1.11 s");
    }

    @Test
    void shouldSayWhatWasLost() {
        Loss loss = Loss.builder()
                .recordsByType(Map.of("process_start", 2L, "exec_data", 1000L))
                .untracked(1)
                .truncated(5)
                .listenerEvents(3)
                .build();
        assertThat(TreeText.plain().format(trace(loss)))
                .isEqualTo("0 processes, 0 connections, trace " + ID
                        + "\n✗ LOST: 1,002 kernel records (exec_data 1000, process_start 2), 1 process or socket that"
                        + " had no tag, 3 events of slow listeners");
    }

    @Test
    void shouldDrawNamesOnly() {
        ProcessSpan ls = process(2, "ls", "-l").under(shell).build();
        ProcessSpan sub = process(3, "sh").forked().under(shell).build();
        ProcessSpan wc = process(4, "wc").under(sub).build();
        assertThat(TreeText.names(trace(
                        shell,
                        ls,
                        sub,
                        wc,
                        connection(9, ls).build(),
                        process(5, "x").build())))
                .isEqualTo("sh\n├─ ls\n└─ sh\n   └─ wc\nx");
        assertThat(TreeText.names(trace())).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("io.schedtrace.lab.HostileStrings#all")
    void shouldWriteAnyStringInPrintableCharacters(String hostile) {
        var spans = trace(
                process(1, "x", hostile).comm(hostile).forked().build(),
                process(2, "x", hostile)
                        .execs(Exec.builder()
                                .time(START)
                                .exe(hostile)
                                .arguments(List.of("x", hostile))
                                .build())
                        .build(),
                connection(3, shell).peerHosts(hostile).build());

        assertThat(TreeText.plain().format(spans).lines()).hasSize(4).allMatch(Printable::isPlain);
        assertThat(TreeText.names(spans).lines()).allMatch(Printable::isPlain);
    }

    @Test
    void shouldDrawThousandsOfLevels() {
        List<Object> chain = new ArrayList<>();
        ProcessSpan above = process(1, "p").build();
        chain.add(above);
        for (int i = 2; i <= 5_000; i++) {
            above = process(i, "p").under(above).build();
            chain.add(above);
        }
        var spans = trace(chain.toArray());

        List<String> names = assertTimeout(
                Duration.ofSeconds(5), () -> TreeText.names(spans).lines().toList());

        assertThat(names).hasSize(5_000).last().isEqualTo("(level 4999) └─ p");
        assertThat(names.get(2)).isEqualTo("   └─ p");
        assertThat(names.get(50)).isEqualTo("   ".repeat(49) + "└─ p");
        assertThat(TreeText.plain().format(spans).lines()).hasSize(5_001);
    }

    @Test
    void shouldComeBackFromTheDepthToTheRightColumn() {
        List<Object> spans = new ArrayList<>();
        ProcessSpan above = process(1, "p").build();
        ProcessSpan upper = above;
        spans.add(above);
        for (int i = 2; i <= 60; i++) {
            above = process(i, "p").under(above).build();
            upper = i == 3 ? above : upper;
            spans.add(above);
        }
        spans.add(process(100, "late").under(upper).build());

        List<String> names = TreeText.names(trace(spans.toArray())).lines().toList();

        assertThat(names.get(4)).isEqualTo("      │  └─ p");
        assertThat(names).last().isEqualTo("      └─ late");
    }

    @Test
    void shouldDrawFiftyThousandProcessesQuickly() {
        List<Object> spans = new ArrayList<>();
        spans.add(shell);
        for (int i = 2; i <= 50_000; i++) {
            spans.add(process(i, "gcc", "-c", "file" + i + ".c").under(shell).build());
        }
        var trace = trace(spans.toArray());
        String drawn =
                assertTimeout(Duration.ofSeconds(10), () -> TreeText.plain().format(trace));
        assertThat(drawn.lines()).hasSize(50_001);
    }

    @Test
    void shouldFoldEqualSiblingsInABriefTree() {
        List<Object> spans = new ArrayList<>();
        spans.add(shell);
        for (int i = 4711; i <= 4810; i++) {
            spans.add(process(i, "true").under(shell).build());
        }
        spans.add(process(5000, "true").under(shell).waitStatus(0x100).build());
        assertThat(TreeText.plain().brief().format(trace(spans.toArray())).lines())
                .startsWith(
                        "sh -c 'make; curl'  [1] 1.11 s  ✗ exit 7",
                        "├─ true  [4711..4810] x 100",
                        "└─ true  [5000] 1.11 s  ✗ exit 1")
                .hasSize(4);
    }

    @Test
    void shouldCutABriefTree() {
        List<Object> spans = new ArrayList<>();
        ProcessSpan above = shell;
        spans.add(shell);
        for (int i = 2; i <= 300; i++) {
            above = process(1000 + i, "deep").under(above).build();
            spans.add(above);
            spans.add(process(i, "x" + i).under(shell).build());
        }
        List<String> lines =
                TreeText.plain().brief().format(trace(spans.toArray())).lines().toList();
        assertThat(lines).hasSizeLessThan(70).anyMatch(line -> line.endsWith("more are left out"));
        assertThat(lines).anyMatch(line -> line.endsWith("… deeper levels are left out"));
    }

    private static List<String> lines(Object... spans) {
        List<String> lines = TreeText.plain().format(trace(spans)).lines().toList();
        return lines.subList(0, lines.size() - 1);
    }
}
