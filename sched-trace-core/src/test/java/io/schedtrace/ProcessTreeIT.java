package io.schedtrace;

import static io.schedtrace.lab.Traces.named;
import static io.schedtrace.lab.Traces.root;
import static io.schedtrace.lab.Traces.shape;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.Needs;
import io.schedtrace.lab.Patience;
import io.schedtrace.lab.TestPrograms;
import io.schedtrace.lab.Traces;
import io.schedtrace.lab.WatchedRun;
import io.schedtrace.model.Exec;
import io.schedtrace.model.Feature;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Trace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each process once, with the parent that forked it, its arguments and its end, whatever the shape of the tree. */
@KernelTest
@Tag("kernels")
class ProcessTreeIT {
    @TempDir
    Path temp;

    static Stream<List<String>> commands() {
        return Stream.of(
                sh("ls | wc -l"),
                sh("(true) & wait"),
                sh("(exit 4); (true; (exit 5))"),
                sh("true & true & sleep 0.02 | (read x || exit 3) & wait"),
                sh("exec sh -c 'exec true'"),
                sh("kill -TERM $$"),
                sh("sh -c 'kill -KILL $$'; exit 9"),
                sh("echo '' 'two words' \"three'quotes\" | cat"),
                shapes("vfork"),
                shapes("spawn"),
                shapes("exec-self", "10"),
                shapes("exec-in-thread"),
                shapes("fork-in-thread"),
                shapes("leader-first", "return"),
                shapes("leader-first", "exit"),
                shapes("leader-first", "kill"),
                shapes("leader-first", "exec"),
                shapes("leader-first", "fork"),
                shapes("children", "200"),
                shapes("daemon"),
                shapes("clone-parent"),
                shapes("nested", "40"),
                List.of(TestPrograms.program("brief", "-static").toString()));
    }

    private static List<String> sh(String script) {
        return List.of("sh", "-c", script);
    }

    private static List<String> shapes(String... arguments) {
        return Stream.concat(Stream.of(TestPrograms.shapes()), Stream.of(arguments))
                .toList();
    }

    /** strace and the kernel side watch the same run; then the same without strace. */
    @ParameterizedTest
    @MethodSource("commands")
    void agreesWithStrace(List<String> command) throws Exception {
        Needs.feature(Feature.NESTED_DEBUGGERS);
        String[] line = command.toArray(String[]::new);
        WatchedRun watched = WatchedRun.of(temp, List.of(), line);
        watched.shouldAgreeOnProcesses();

        Trace alone = Traces.of(line);
        assertThat(alone.isComplete()).isTrue();
        assertThat(shape(alone, root(alone))).isEqualTo(shape(watched.trace(), watched.top()));
        assertThat(alone.processes()).hasSameSizeAs(watched.strace().processes());
    }

    @Test
    void aDaemonStaysTheChildOfWhoForkedIt() throws Exception {
        Trace trace = Traces.of(TestPrograms.shapes(), "daemon");

        ProcessSpan middle = trace.children(root(trace)).get(0);
        ProcessSpan daemon = named(trace, "sh");
        assertThat(daemon.parentSpanId()).isEqualTo(middle.spanId());
        assertThat(daemon.ppid()).isEqualTo(middle.pid());
        assertThat(middle.exitCode()).isEqualTo(2);
        assertThat(daemon.exitCode()).isEqualTo(6);
        assertThat(daemon.endTime()).isAfter(middle.endTime());
    }

    @Test
    void aForkWithoutExecHasItsParentsProgram() throws Exception {
        Trace trace = Traces.of("sh", "-c", "(exit 3); true");

        ProcessSpan subshell = trace.children(root(trace)).get(0);
        assertThat(subshell.execs()).isEmpty();
        assertThat(subshell.execTime()).isNull();
        assertThat(subshell.exe()).isEqualTo(root(trace).exe());
        assertThat(subshell.arguments()).containsExactly("sh", "-c", "(exit 3); true");
        assertThat(subshell.exitCode()).isEqualTo(3);
    }

    @Test
    void execsOfOneProcessAreOneSpan() throws Exception {
        Trace trace = Traces.of(TestPrograms.shapes(), "exec-self", "10");

        ProcessSpan process = root(trace);
        assertThat(trace.processes()).hasSize(1);
        assertThat(process.execs()).hasSize(11);
        assertThat(process.execs().stream().map(exec -> exec.arguments().get(2)))
                .containsExactly("10", "9", "8", "7", "6", "5", "4", "3", "2", "1", "0");
        assertThat(process.execs().stream().map(Exec::time)).isSorted();
        assertThat(process.execTime()).isEqualTo(process.execs().get(0).time());
        assertThat(process.exitCode()).isEqualTo(10);
    }

    @Test
    void aProcessEndsWithItsLastThread() throws Exception {
        Trace trace = Traces.of(TestPrograms.shapes(), "leader-first", "exit");

        assertThat(root(trace).exitCode()).isEqualTo(7);
        assertThat(root(trace).threads()).isEqualTo(2);
        assertThat(root(trace).duration()).isGreaterThan(Duration.ofMillis(20));
    }

    @Test
    void threadsAreThoseOfTheLastProgram() throws Exception {
        assertThat(root(Traces.of(TestPrograms.shapes(), "leader-first", "return"))
                        .threads())
                .isEqualTo(4);
        assertThat(root(Traces.of(TestPrograms.shapes(), "exec-in-thread")).threads())
                .isEqualTo(1);
    }

    @Test
    void seesProcessesOfLessThanAMillisecond() throws Exception {
        String brief = TestPrograms.program("brief", "-static").toString();
        Trace trace = Traces.of("sh", "-c", "for i in $(seq 50); do \"$0\"; done", brief);

        List<ProcessSpan> brieves = trace.processes().stream()
                .filter(process -> process.exe().equals(brief))
                .toList();
        assertThat(brieves).hasSize(50).allSatisfy(process -> {
            assertThat(process.exitCode()).isEqualTo(21);
            assertThat(process.arguments()).containsExactly(brief);
            assertThat(process.parentSpanId()).isEqualTo(root(trace).spanId());
        });
        assertThat(brieves.stream().map(ProcessSpan::duration).min(Duration::compareTo))
                .hasValueSatisfying(shortest -> assertThat(shortest).isLessThan(Patience.millis(1)));
    }

    @Test
    void twoHundredChildrenAtOnceAreTwoHundredSpans() throws Exception {
        Trace trace = Traces.of(TestPrograms.shapes(), "children", "200");

        List<ProcessSpan> children = trace.children(root(trace));
        assertThat(children.stream().map(ProcessSpan::exitCode).sorted().toList())
                .isEqualTo(Stream.iterate(0, i -> i + 1).limit(200).toList());
        assertThat(children.stream().map(ProcessSpan::spanId).collect(Collectors.toSet()))
                .hasSize(200);
        assertThat(children.stream().map(ProcessSpan::startTime)).isSorted();
        assertThat(children)
                .allSatisfy(child ->
                        assertThat(child.endTime()).isAfter(children.get(199).startTime()));
    }
}
