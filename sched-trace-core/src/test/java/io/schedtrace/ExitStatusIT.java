package io.schedtrace;

import static io.schedtrace.lab.Traces.named;
import static io.schedtrace.lab.Traces.root;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.TestPrograms;
import io.schedtrace.lab.Traces;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Trace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How processes end: every code, the signals that matter, and the core flag as waitpid(2) tells it. */
@KernelTest
@Tag("kernels")
class ExitStatusIT {
    @TempDir
    Path temp;

    @Test
    void everyExitCodeIsSeen() throws Exception {
        Trace trace = Traces.of("sh", "-c", "i=0; while [ $i -lt 256 ]; do (exit $i); i=$((i+1)); done");

        List<ProcessSpan> children = trace.children(root(trace));
        assertThat(children.stream().map(ProcessSpan::exitCode))
                .containsExactlyElementsOf(IntStream.range(0, 256).boxed().toList());
        assertThat(children).allSatisfy(child -> {
            assertThat(child.signal()).isNull();
            assertThat(child.exit().coreDumped()).isFalse();
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 255})
    void theCommandsOwnCodeIsThatOfWaitFor(int code) throws Exception {
        try (TracedCommand command = Tracer.launch("sh", "-c", "exit " + code)) {
            assertThat(command.waitFor()).isEqualTo(code);
            assertThat(root(command.awaitTree(Traces.LONG)).exitCode()).isEqualTo(code);
        }
    }

    @ParameterizedTest
    @CsvSource({"TERM, 15", "KILL, 9", "INT, 2", "HUP, 1", "PIPE, 13", "USR1, 10", "ALRM, 14"})
    void aSignalThatEndsAProcessIsNamed(String name, int number) throws Exception {
        try (TracedCommand command = Tracer.launch(TestPrograms.shapes(), "signal", "" + number)) {
            assertThat(command.waitFor()).isEqualTo(128 + number);
            ProcessSpan process = root(command.awaitTree(Traces.LONG));
            assertThat(process.signal()).isEqualTo("SIG" + name);
            assertThat(process.exitCode()).isNull();
            assertThat(process.exit().signalNumber()).isEqualTo(number);
            assertThat(process.exit().coreDumped()).isFalse();
            assertThat(process.complete()).isTrue();
        }
    }

    @Test
    void aSignalThatIsHandledEndsNothing() throws Exception {
        Trace trace = Traces.of("sh", "-c", "trap 'exit 42' TERM; kill -TERM $$; sleep 60");

        assertThat(root(trace).exitCode()).isEqualTo(42);
    }

    @Test
    void aRealTimeSignalHasANameToo() throws Exception {
        Trace trace = Traces.of(TestPrograms.shapes(), "signal", "34");

        assertThat(root(trace).exit().signalNumber()).isEqualTo(34);
        assertThat(root(trace).signal()).startsWith("SIG");
    }

    /** The witness is Python, which has the bit from waitpid(2): a core may be forbidden in other ways than by ulimit. */
    @ParameterizedTest
    @CsvSource({"SEGV, 11, 0", "SEGV, 11, unlimited", "ABRT, 6, 0", "ABRT, 6, unlimited", "QUIT, 3, unlimited"})
    void theCoreFlagIsThatOfWaitpid(String signal, int number, String limit) throws Exception {
        Path status = temp.resolve("status");
        String script = "ulimit -c " + limit + "; exec /usr/bin/python3 -c 'import os, sys; p = os.fork()"
                + "; p or os.execl(sys.argv[2], sys.argv[2], \"signal\", sys.argv[3])"
                + "; open(sys.argv[1], \"w\").write(str(os.waitpid(p, 0)[1]))' \"$@\"";
        String[] command = {"bash", "-c", script, "bash", status.toString(), TestPrograms.shapes(), "" + number};
        Trace trace = Traces.of(Traces.quiet(command)
                .directory(Files.createDirectory(temp.resolve("core")).toFile()));

        ProcessSpan victim = named(trace, "shapes");
        assertThat(victim.exit().waitStatus()).isEqualTo(Integer.parseInt(Files.readString(status)));
        assertThat(victim.signal()).isEqualTo("SIG" + signal);
        if (limit.equals("0")
                && !Files.readString(Path.of("/proc/sys/kernel/core_pattern")).startsWith("|")) {
            assertThat(victim.exit().coreDumped()).isFalse();
        }
    }

    @Test
    void aThreadThatDiesTakesTheProcessAlong() throws Exception {
        assertThat(root(Traces.of(TestPrograms.shapes(), "leader-first", "kill"))
                        .signal())
                .isEqualTo("SIGKILL");
    }
}
