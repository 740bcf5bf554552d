package io.schedtrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.schedtrace.lab.ChildJvm;
import io.schedtrace.lab.PtraceTrials;
import io.schedtrace.lab.TestPrograms;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Traces with ptrace(2) as an ordinary user, who has nothing set up. */
class PtraceIT {
    private static final String NOBODY = "65534";

    private static Path directory;

    @BeforeAll
    static void becomeOrdinary() throws Exception {
        assumeThat(System.getProperty("user.name")).isEqualTo("root");
        directory = TestPrograms.directory();
        Files.setAttribute(directory, "unix:mode", 01777);
    }

    private static ChildJvm jvm(String... under) throws Exception {
        return new ChildJvm()
                .readableByAll()
                .under("env", "-C", "/", "TMPDIR=" + directory)
                .under("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--")
                .under(under)
                .option("-Djava.io.tmpdir=" + directory)
                .option("-Dio.schedtrace.via=ptrace");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "launch",
                "scopes",
                "killedCreators",
                "killedTracer",
                "killedTracerOfConnections",
                "connections",
                "daemonAndNextTracer",
                "storm",
                "nestedStrace"
            })
    void anOrdinaryUserTraces(String trial) throws Exception {
        assertThat(jvm().lines(PtraceTrials.class, trial)).endsWith("passed");
    }

    /** What a process sees of signals, stops and ends is what it sees without a tracer. */
    @Test
    void stopsAreTheSame() throws Exception {
        String program = TestPrograms.program("stops").toString();
        List<String> untraced =
                TestPrograms.run(new ProcessBuilder(program)).text().lines().toList();

        List<String> traced = jvm("env", "PROGRAM=" + program).lines(PtraceTrials.class, "output");

        assertThat(untraced).contains("caught 15", "executed: status 0x900");
        assertThat(traced.subList(0, traced.size() - 1)).isEqualTo(untraced);
    }

    /** The tree goes on, and the tracer ends. */
    @Test
    void aKilledJvmLeavesTheTreeRunning() throws Exception {
        Process process = jvm().builder(PtraceTrials.class, "untilKilled").start();
        String line =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
        assertThat(line).startsWith("started ");
        process.destroyForcibly().waitFor();

        for (int i = 0; i < 100 && !Files.exists(directory.resolve("finished")); i++) {
            Thread.sleep(100);
        }
        assertThat(directory.resolve("finished")).exists();
        ProcessHandle.of(Long.parseLong(line.substring(8)))
                .ifPresent(tracer -> assertThat(ended(tracer)).isTrue());
    }

    private static boolean ended(ProcessHandle process) {
        try {
            return ChildJvm.awaitEnd(process);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void twoJvmsAtOnce() throws Exception {
        List<CompletableFuture<List<String>>> runs =
                List.of("storm", "storm").stream().map(PtraceIT::inBackground).toList();
        assertThat(runs).allSatisfy(run -> assertThat(run.join()).endsWith("passed"));
    }

    private static CompletableFuture<List<String>> inBackground(String trial) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return jvm().lines(PtraceTrials.class, trial);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void aJvmThatIsTracedAlreadySaysSo() throws Exception {
        assertThat(jvm("strace", "-f", "-e", "trace=none", "-e", "signal=none", "-o", "/dev/null")
                        .lines(PtraceTrials.class, "attempt"))
                .anyMatch(line -> line.startsWith("REFUSED: another program traces this JVM already"));
    }
}
