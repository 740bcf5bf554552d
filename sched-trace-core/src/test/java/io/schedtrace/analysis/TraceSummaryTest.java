package io.schedtrace.analysis;

import static io.schedtrace.lab.Spans.connection;
import static io.schedtrace.lab.Spans.process;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.analysis.TraceSummary.Peer;
import io.schedtrace.analysis.TraceSummary.Program;
import io.schedtrace.lab.SampleTraces;
import io.schedtrace.lab.Spans;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Redactor;
import io.schedtrace.model.TcpSpan.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TraceSummaryTest {
    private final ProcessSpan shell = process(1, "sh", "-c", "x").build();
    private final ProcessSpan ls =
            process(2, "ls").under(shell).took(Duration.ofMillis(3)).build();
    private final ProcessSpan failed = process(3, "ls", "/x")
            .under(shell)
            .waitStatus(0x200)
            .took(Duration.ofMillis(4))
            .build();
    private final ProcessSpan running =
            process(4, "sleep", "9").under(shell).running().build();

    @Test
    void shouldAddUpPrograms() {
        TraceSummary summary = TraceSummary.of(Spans.trace(shell, ls, failed, running));

        assertThat(summary.programs())
                .contains(
                        new Program("ls", 2, Duration.ofMillis(7), Duration.ofMillis(4), 4_194_304L, 1),
                        new Program("sleep", 1, Spans.DURATION, null, null, 0))
                .hasSize(3);
        assertThat(summary.failed()).containsExactly(failed);
        assertThat(summary.slowest()).hasSize(4).startsWith(shell);
    }

    @Test
    void shouldAddUpPeers() {
        TraceSummary summary = TraceSummary.of(Spans.trace(
                shell,
                connection(10, shell).peerHosts("redis").build(),
                connection(11, shell).peerHosts("redis").open().build(),
                connection(12, shell).failed(Outcome.REFUSED, "ECONNREFUSED").build(),
                connection(13, shell).server().build()));

        assertThat(summary.peers())
                .containsExactly(
                        new Peer("redis:6379", 2, 0, 1234L, 5_678_901L), new Peer("10.0.0.7:6379", 1, 1, 0L, 0L));
    }

    @Test
    void shouldBeMarkdownWithTheFailuresFirst() {
        ProcessSpan hostile = process(9, "a|b`<i>", "https://u:p@h/\n")
                .under(shell)
                .waitStatus(0x100)
                .build();
        String markdown = TraceSummary.of(
                        Spans.trace(shell, hostile, connection(10, shell).build()))
                .markdown(Redactor.standard());
        assertThat(markdown)
                .startsWith("### Failed processes\n\n| process | ended | time |\n|---|---|---|\n| ")
                .containsSubsequence(
                        "### Programs",
                        "| sh | 1 |",
                        "### Peers",
                        "| 10.0.0.7&#58;6379 | 1 | 0 |",
                        "### Critical path");
        assertThat(markdown).doesNotContain("<i>", "`", "u:p");
    }

    @Test
    void shouldBeAnnotations() {
        assertThat(TraceSummary.of(SampleTraces.failedBuild())
                        .annotations(Redactor.standard())
                        .lines())
                .hasSize(6)
                .contains("::error title=make%3A exit 2::make -j2 integration-test ended by exit 2 after 1.84 s");
    }

    @Test
    void shouldBeReadable() {
        assertThat(TraceSummary.of(SampleTraces.failedBuild()).toString())
                .contains("12 processes, 12 connections, trace ")
                .containsPattern("(?m)^program +count +wall time +CPU time +peak memory +failed$")
                .containsPattern("(?m)^python3 +5 .* 2$")
                .containsPattern("(?m)^peer +connections +sent +received +failed$")
                .containsPattern("(?m)^mirror\\.example\\.org:6379 +1 .* 1$")
                .contains("\nfailed\n  make -j2 integration-test  [4001] 1.84 s  ✗ exit 2\n")
                .contains("\nslowest\n", "\ncritical path, 1.84 s, by program\n", "\nlongest gaps");
    }
}
