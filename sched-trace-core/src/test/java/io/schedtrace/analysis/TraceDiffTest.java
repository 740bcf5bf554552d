package io.schedtrace.analysis;

import static io.schedtrace.lab.Spans.connection;
import static io.schedtrace.lab.Spans.process;
import static io.schedtrace.lab.Spans.trace;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.schedtrace.analysis.TraceDiff.Change;
import io.schedtrace.analysis.TraceDiff.Kind;
import io.schedtrace.lab.RandomTraces;
import io.schedtrace.lab.SampleTraces;
import io.schedtrace.lab.Spans;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.TcpSpan.Outcome;
import io.schedtrace.model.Trace;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceDiffTest {
    private final ProcessSpan make = process(1, "make", "-j4").build();

    private static ProcessSpan cc(long id, ProcessSpan parent, String file) {
        return process(id, "cc", "-c", file).under(parent).build();
    }

    @Test
    void shouldFindNoDifferenceInAnotherOrderWithOtherPids() {
        ProcessSpan again = process(101, "make", "-j4").build();
        TraceDiff diff = TraceDiff.of(
                trace(make, cc(2, make, "a.c"), cc(3, make, "b.c"), cc(4, make, "c.c")),
                trace(again, cc(9, again, "c.c"), cc(7, again, "a.c"), cc(8, again, "b.c")));

        assertThat(diff.isEmpty()).isTrue();
        assertThat(diff.changes()).isEmpty();
        assertThat(diff).hasToString("no differences");
    }

    @Test
    void shouldShowWhatIsNewGoneAndChanged() {
        ProcessSpan failing =
                process(5, "ld", "-o", "x").under(make).waitStatus(0x100).build();
        ProcessSpan linking = process(5, "ld", "-o", "x").under(make).build();
        ProcessSpan curl = process(6, "curl", "http://mirror/").under(make).build();
        TraceDiff diff = TraceDiff.of(
                trace(make, cc(2, make, "a.c"), cc(3, make, "b.c"), cc(4, make, "b.c"), linking),
                trace(
                        make,
                        cc(2, make, "a2.c"),
                        cc(3, make, "b.c"),
                        failing,
                        curl,
                        connection(7, curl).peerHosts("mirror").build()));

        assertThat(diff.changes())
                .containsExactly(
                        new Change(Kind.ARGUMENTS, List.of("make -j4"), "cc -c a.c", "cc -c a2.c"),
                        new Change(Kind.COUNT, List.of("make -j4"), "cc -c b.c  x 2", "cc -c b.c"),
                        new Change(Kind.NEW, List.of("make -j4"), null, "curl http://mirror/"),
                        new Change(Kind.STATUS, List.of("make -j4"), "ld -o x", "ld -o x  ✗ exit 1"));
        assertThat(diff).hasToString("""
                          make -j4
                        -    cc -c a.c
                        +    cc -c a2.c
                        -    cc -c b.c  x 2
                        +    cc -c b.c
                        +    curl http://mirror/
                        +       → mirror:6379
                        -    ld -o x
                        +    ld -o x  ✗ exit 1
                        4 differences: 1 new, 1 with other arguments, 1 ended otherwise, 1 in another number""");
    }

    @Test
    void shouldShowNewAndGonePeers() {
        TraceDiff diff = TraceDiff.of(
                trace(make, connection(2, make).peerHosts("old").build()),
                trace(
                        make,
                        connection(2, make).peerHosts("new").build(),
                        connection(3, make).failed(Outcome.ABANDONED, null).build()));
        assertThat(diff.changes())
                .containsExactlyInAnyOrder(
                        new Change(Kind.GONE, List.of("make -j4"), "→ old:6379", null),
                        new Change(Kind.NEW, List.of("make -j4"), null, "→ new:6379"));
    }

    @ParameterizedTest
    @CsvSource({
        "/tmp/cc8fZ1kq.o, '/tmp/*.o'",
        "--dir=/tmp/junit123/a/b.txt, '--dir=/tmp/*/a/b.txt'",
        "/home/tmp/x, /home/tmp/x",
        "/proc/4711/fd/3, '/proc/*/fd/3'",
        "localhost:45123, 'localhost:*'",
        "localhost:5432, localhost:5432",
        "550e8400-e29b-41d4-a716-446655440000, '*'",
        "3f2504e04f89, '*'",
        "deadbeef, deadbeef",
        "12345678, 12345678",
        "1764259200, '*'",
        "--parent=999, '--parent=*'",
        "--parent=998, --parent=998",
    })
    void shouldReplaceWhatDiffersFromRunToRun(String argument, String expected) {
        Trace trace = trace(process(999, "x", argument).build());
        String shown = TraceDiff.normalized(trace).strip().substring(2);
        assertThat(shown.replaceAll("^'|'$", "")).isEqualTo(expected);
    }

    @Test
    void shouldTakeRulesOfTheUser() {
        Trace one = trace(process(1, "x", "run-a").build());
        Trace other = trace(process(1, "x", "run-b").build());
        assertThat(TraceDiff.of(one, other).isEmpty()).isFalse();
        assertThat(TraceDiff.of(one, other, Normalizer.standard().and(Pattern.compile("run-."), "run"))
                        .isEmpty())
                .isTrue();
    }

    @Test
    void shouldCompareWithTheTextOfATree() {
        Trace trace = SampleTraces.failedBuild();
        String text = TraceDiff.normalized(trace);
        assertThat(text)
                .startsWith(
                        "make -j2 integration-test  ✗ exit 2\n├─ collector --daemon --config=/etc/collector.yaml  running\n")
                .contains(
                        "python3 (fork)  x 3\n",
                        "→ redis:6379  ✗ refused\n",
                        "'https://***@mirror.example.org/data?a=1&b=2'");
        assertThat(TraceDiff.of(text, trace).isEmpty()).isTrue();
        assertThat(TraceDiff.of(text.replace("nc -z", "nc -zv"), trace).summary())
                .isEqualTo("2 differences: 2 with other arguments");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TraceDiff.of("make\n      ├─ cc\n", trace))
                .withMessageContaining("line 2 is not part of a tree");
    }

    @Test
    void shouldReadTheTextOfAnyTree() {
        for (int seed = 0; seed < 300; seed++) {
            Trace trace = RandomTraces.trace(seed);
            String text = TraceDiff.normalized(trace);
            assertThat(NormalTree.parse(text).text()).isEqualTo(text);
            assertThat(TraceDiff.of(text, trace).isEmpty()).isTrue();
            assertThat(TraceDiff.of(trace, trace).isEmpty()).isTrue();
        }
    }

    @Test
    void shouldNotDependOnTheOrderOfSpans() {
        Random random = new Random(3);
        for (Trace trace : List.of(SampleTraces.failedBuild(), SampleTraces.lossy(), RandomTraces.trace(7))) {
            List<ProcessSpan> processes = new ArrayList<>(trace.processes());
            Collections.shuffle(processes, random);
            assertThat(TraceDiff.normalized(
                            trace.toBuilder().processes(processes).build()))
                    .isEqualTo(TraceDiff.normalized(trace));
        }
    }

    @Test
    void shouldCompareDeepAndWideTrees() {
        List<Object> spans = new ArrayList<>();
        ProcessSpan above = process(1, "sh", "0").build();
        spans.add(above);
        for (int i = 2; i < 5_000; i++) {
            above = process(i, "sh", "x" + i % 7).under(above).build();
            spans.add(above);
        }
        for (int i = 5_000; i < 25_000; i++) {
            spans.add(process(i, "true", "a" + i % 1000)
                    .under((ProcessSpan) spans.get(0))
                    .build());
        }
        Trace trace = Spans.trace(spans.toArray());
        assertThat(TraceDiff.of(trace, trace).isEmpty()).isTrue();
    }

    @Test
    void shouldBeJsonAndHtml() throws Exception {
        Trace one = trace(make, cc(2, make, "a<b>.c"));
        Trace other = trace(
                make,
                connection(3, make)
                        .ends(new InetSocketAddress("127.0.0.1", 40_000), new InetSocketAddress("127.0.0.1", 80))
                        .build());
        StringBuilder json = new StringBuilder();
        TraceDiff.of(one, other).writeJson(json);
        assertThat(json)
                .hasToString("{\"changes\":[{\"kind\":\"new\",\"path\":[\"make -j4\"],\"before\":null,"
                        + "\"after\":\"→ 127.0.0.1:80\"},{\"kind\":\"gone\",\"path\":[\"make -j4\"],"
                        + "\"before\":\"cc -c 'a<b>.c'\",\"after\":null}]}\n");
        StringBuilder html = new StringBuilder();
        TraceDiff.of(one, other).writeHtml(html);
        assertThat(html)
                .contains(
                        "<tr class=\"gone\"><td><span style=\"padding-left:1.5em\">cc -c 'a&lt;b&gt;.c'</span></td><td></td></tr>")
                .contains("<tr class=\"same\"", "<tr class=\"new\"", "2 differences: 1 new, 1 gone")
                .doesNotContain("<b>");
    }
}
