package io.schedtrace.internal.assemble;

import static io.schedtrace.internal.assemble.RecordScript.Trait.LOSSY;
import static io.schedtrace.internal.assemble.RecordScript.Trait.PATH_TRUNCATED;
import static io.schedtrace.internal.assemble.RecordScript.Trait.UNREADABLE;
import static io.schedtrace.internal.assemble.RecordScript.Trait.UNTRACKED;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.model.Exec;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TraceListener;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SpanAssemblerTest {
    private static final String LONG = "cat\0" + "x".repeat(100) + '\0';

    private final RecordScript kernel = new RecordScript();
    private final List<String> heard = new ArrayList<>();

    @AfterEach
    void close() {
        kernel.close();
    }

    private ProcessSpan only() {
        assertThat(kernel.assembler.processes()).hasSize(1);
        return kernel.assembler.processes().get(0);
    }

    private void listen() {
        kernel.listeners.add(new TraceListener() {
            @Override
            public void processStarted(ProcessSpan process) {
                heard.add("start " + process.name());
            }

            @Override
            public void processExecuted(ProcessSpan process, Exec exec) {
                heard.add("exec " + exec.name());
            }

            @Override
            public void processEnded(ProcessSpan process) {
                heard.add("end " + process.name() + ' ' + process.exit());
            }

            @Override
            public void connectionOpened(TcpSpan connection) {
                heard.add("open");
            }

            @Override
            public void connectionEstablished(TcpSpan connection) {
                heard.add("established");
            }

            @Override
            public void connectionEnded(TcpSpan connection) {
                heard.add("closed " + connection.outcome());
            }
        });
    }

    @Test
    void shouldMakeATree() {
        listen();
        kernel.start(1, 0, 77)
                .exec(1, 0, 1, "/bin/sh", "sh", "-c", "")
                .start(2, 1)
                .exec(2, 1, 1, "/bin/ls", "ls")
                .start(3, 1)
                .end(2, 1, 1, 0x300)
                .end(3, 1, 0)
                .end(1, 0, 1);

        List<ProcessSpan> spans = kernel.assembler.processes();
        assertThat(spans).extracting(ProcessSpan::pid).containsExactly(1L, 2L, 3L);
        ProcessSpan shell = spans.get(0);
        assertThat(shell.spanId()).isEqualTo(new SpanId(77));
        assertThat(shell.parentSpanId()).isNull();
        assertThat(shell.arguments()).containsExactly("sh", "-c", "");
        assertThat(shell.startTime()).isEqualTo(Instant.ofEpochSecond(1, 1000));
        assertThat(shell.duration()).isEqualTo(Duration.ofNanos(7000));
        assertThat(shell.maxRssBytes()).isEqualTo(3 * 4096);
        assertThat(spans.get(1).parentSpanId()).isEqualTo(shell.spanId());
        assertThat(spans.get(1).exit()).hasToString("exit 3");
        ProcessSpan subshell = spans.get(2);
        assertThat(subshell.arguments())
                .as("of the program that it was forked with")
                .isEqualTo(shell.arguments());
        assertThat(subshell.execs()).isEmpty();
        assertThat(spans).allMatch(ProcessSpan::complete);
        assertThat(kernel.assembler.alive()).isEmpty();
        assertThat(kernel.assembler.received()).isEqualTo(8);
        assertThat(heard)
                .containsExactly(
                        "start sh",
                        "exec sh",
                        "start forked",
                        "exec ls",
                        "start forked",
                        "end ls exit 3",
                        "end comm exit 0",
                        "end sh exit 0");
    }

    @Test
    void shouldShowATreeThatRuns() {
        kernel.start(1, 0).exec(1, 0, 1, "/bin/sh", "sh").start(2, 1);

        assertThat(kernel.assembler.processes()).allSatisfy(span -> {
            assertThat(span.complete()).isFalse();
            assertThat(span.endTime()).isNull();
            assertThat(span.exit()).isNull();
        });
        assertThat(kernel.assembler.alive()).containsExactlyInAnyOrder(5001L, 5002L);
        assertThat(kernel.assembler.describeAlive()).contains("sh (pid 1)");
        kernel.end(2, 1, 0);
        assertThat(kernel.assembler.alive()).containsExactly(5001L);
    }

    @Test
    void shouldKnowWhichProcessesTheKernelCounts() {
        kernel.start(1, 0).start(2, 1, 0, UNTRACKED).start(3, 1).start(4, 1).end(4, 1, 0);

        assertThat(kernel.assembler.alive()).containsExactlyInAnyOrder(5001L, 5002L, 5003L);
        assertThat(kernel.assembler.followed()).containsExactlyInAnyOrder(5001L, 5003L);
    }

    @Test
    void shouldKeepEachExec() {
        kernel.start(1, 0);
        for (int i = 1; i <= 10; i++) {
            kernel.exec(1, 0, i, "/bin/p" + i, "p", "" + i);
        }
        kernel.end(1, 0, 10);

        assertThat(only().execs())
                .extracting(Exec::name)
                .hasSize(10)
                .startsWith("p1")
                .endsWith("p10");
        assertThat(only().arguments()).containsExactly("p", "10");
        assertThat(only().complete()).isTrue();
    }

    @Test
    void shouldPutInterleavedArgumentsTogether() {
        String other = "dd\0" + "y".repeat(90) + '\0';
        kernel.start(1, 0).start(2, 0);
        long first = kernel.exec(1, 0, 1, "/bin/cat", LONG, 10);
        long second = kernel.exec(2, 0, 1, "/bin/dd", other, 10);
        kernel.data(2, second, other, 10, 50)
                .data(1, first, LONG, 10, 60)
                .data(2, second, other, 50, other.length())
                .data(1, first, LONG, 60, LONG.length())
                .end(1, 0, 1)
                .end(2, 0, 1);

        assertThat(kernel.assembler.processes())
                .allMatch(ProcessSpan::complete)
                .noneMatch(ProcessSpan::argumentsTruncated);
        assertThat(kernel.assembler.processes().get(0).arguments()).containsExactly("cat", "x".repeat(100));
        assertThat(kernel.assembler.processes().get(1).arguments()).containsExactly("dd", "y".repeat(90));
    }

    @Test
    void shouldMarkArgumentsOfWhichAPartIsLost() {
        kernel.start(1, 0);
        long exec = kernel.exec(1, 0, 1, "/bin/cat", LONG, 10);
        kernel.data(1, exec, LONG, 50, LONG.length()).end(1, 0, 1, 0, LOSSY);

        assertThat(only().arguments()).containsExactly("cat", "xxxxxx");
        assertThat(only().argumentsTruncated()).isTrue();
        assertThat(only().complete()).isFalse();
    }

    @Test
    void shouldFinishAnExecWithTheNext() {
        kernel.start(1, 0);
        long exec = kernel.exec(1, 0, 1, "/bin/cat", LONG, 10);
        kernel.exec(1, 0, 2, "/bin/ls", "ls").data(1, exec, LONG, 10, 60).end(1, 0, 2);

        assertThat(only().execs()).extracting(Exec::truncated).containsExactly(true, false);
        assertThat(only().arguments()).containsExactly("ls");
    }

    @Test
    void shouldTellWhatTheKernelCouldNotTake() {
        kernel.start(1, 0).start(2, 0).start(3, 0);
        kernel.exec(1, 0, 1, "/bin/cat", LONG, 10);
        kernel.exec(2, 0, 1, "/bin/cat", LONG, 0, UNREADABLE);
        kernel.exec(3, 0, 1, "/deep/cat", LONG, 1000, PATH_TRUNCATED);
        kernel.end(1, 0, 1).end(2, 0, 1).end(3, 0, 1);

        List<ProcessSpan> spans = kernel.assembler.processes();
        assertThat(spans).extracting(ProcessSpan::argumentsTruncated).containsExactly(true, true, false);
        assertThat(spans.get(1).arguments()).containsExactly("from", "proc", "5002");
    }

    @Test
    void shouldMakeUpAProcessWhoseStartIsLost() {
        kernel.exec(1, 0, 1, "/bin/sh", "sh").start(2, 1).end(2, 1, 0).end(1, 0, 1);
        kernel.end(9, 1, 0);

        List<ProcessSpan> spans = kernel.assembler.processes();
        assertThat(spans).extracting(ProcessSpan::pid).containsExactly(1L, 2L, 9L);
        assertThat(spans).extracting(ProcessSpan::complete).containsExactly(false, true, false);
        assertThat(spans.get(1).parentSpanId()).isEqualTo(spans.get(0).spanId());
        assertThat(spans.get(2).parentSpanId()).isEqualTo(spans.get(0).spanId());
        assertThat(spans.get(2).startTime()).isEqualTo(Instant.ofEpochSecond(1, 500));
    }

    @Test
    void shouldMissALostExecAndALostEnd() {
        kernel.start(1, 0).exec(1, 0, 2, "/bin/ls", "ls").start(2, 1).end(1, 0, 2);

        List<ProcessSpan> spans = kernel.assembler.processes();
        assertThat(spans).noneMatch(ProcessSpan::complete);
        assertThat(spans.get(0).execs()).hasSize(1);
        assertThat(spans.get(1).endTime()).isNull();
    }

    @Test
    void shouldLeaveJspawnhelperOut() {
        listen();
        kernel.start(1, 0)
                .exec(1, 0, 1, RecordScript.JSPAWNHELPER, "jspawnhelper", "17")
                .exec(1, 0, 2, "/bin/ls", "ls")
                .end(1, 0, 2);

        assertThat(only().execs()).extracting(Exec::name).containsExactly("ls");
        assertThat(only().complete()).isTrue();
        assertThat(heard).containsExactly("start ls", "exec ls", "end ls exit 0");
    }

    @Test
    void shouldDropACommandThatCouldNotBeStarted() {
        listen();
        kernel.start(1, 0)
                .exec(1, 0, 1, RecordScript.JSPAWNHELPER, "jspawnhelper")
                .end(1, 0, 1, 0x100);

        assertThat(kernel.assembler.processes()).isEmpty();
        assertThat(kernel.assembler.alive()).isEmpty();
        assertThat(heard).isEmpty();
    }

    @Test
    void shouldShowAJspawnhelperThatTheTreeItselfStarts() {
        kernel.start(1, 0)
                .exec(1, 0, 1, "/bin/java", "java")
                .start(2, 1)
                .exec(2, 1, 1, RecordScript.JSPAWNHELPER, "jspawnhelper")
                .end(2, 1, 1)
                .end(1, 0, 1);

        assertThat(kernel.assembler.processes()).hasSize(2).allMatch(ProcessSpan::complete);
    }

    @Test
    void shouldTellOfConnectionsInOrder() {
        listen();
        kernel.start(1, 0).exec(1, 0, 1, "/bin/nc", "nc");
        heard.clear();
        RecordScript.Tcp client = RecordScript.client(10, 1, 4000);
        RecordScript.Tcp server = RecordScript.server(11, 1, 4000);
        kernel.open(client)
                .established(client)
                .open(server)
                .closed(client, 0, 4)
                .closed(server, 104, 1);

        assertThat(heard)
                .containsExactly("open", "established", "open", "established", "closed CLOSED", "closed RESET");
    }

    @Test
    void shouldKeepNoMoreArgumentsThanItMay() {
        try (RecordScript small = new RecordScript(100)) {
            small.start(1, 0).exec(1, 0, 1, "/bin/a", "a", "x".repeat(50)).start(2, 0);
            small.exec(2, 0, 1, "/bin/b", "b", "x".repeat(50)).start(3, 0).exec(3, 0, 1, "/bin/c", "c", "x");

            assertThat(small.assembler.processes())
                    .extracting(ProcessSpan::arguments)
                    .containsExactly(List.of("a", "x".repeat(50)), List.of("b"), List.of("c", "x"));
            assertThat(small.assembler.processes())
                    .extracting(ProcessSpan::argumentsTruncated)
                    .containsExactly(false, true, false);
            assertThat(small.assembler.shortened()).isEqualTo(1);
        }
    }
}
