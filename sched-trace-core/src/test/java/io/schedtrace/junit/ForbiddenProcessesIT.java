package io.schedtrace.junit;

import static io.schedtrace.junit.Runs.keep;
import static io.schedtrace.junit.Runs.trace;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.ProcessTreeTracer;
import io.schedtrace.Tracer;
import io.schedtrace.lab.KernelTest;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.SpanId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;

/** Programs that a test may not run, and what becomes of processes that do what is not allowed. */
@KernelTest
class ForbiddenProcessesIT {
    @TempDir
    Path reports;

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).start().waitFor();
    }

    private static String message(EngineExecutionResults results, String test) {
        return results.testEvents().failed().stream()
                .filter(event -> event.getTestDescriptor().getDisplayName().equals(test))
                .map(event -> event.getRequiredPayload(TestExecutionResult.class))
                .map(result -> result.getThrowable().orElseThrow().getMessage())
                .findFirst()
                .orElseThrow();
    }

    @TraceProcesses(allowProcesses = {"sh", "/usr/bin/*", "!cat"})
    static class Programs {
        @Test
        void excluded() throws Exception {
            run("sh", "-c", "cat /dev/null; true");
        }

        @Test
        void replaced() throws Exception {
            run("sh", "-c", "exec env cat /dev/null");
        }

        @Test
        void allowed() throws Exception {
            run("sh", "-c", "true | env true");
        }

        @Test
        @TraceProcesses(allowProcesses = {})
        void nothing() throws Exception {
            run("true");
        }

        @Test
        @TraceProcesses(allowProcesses = {})
        void forksAlone() {}
    }

    @Test
    void shouldFailOnProgramsThatAreNotAllowed() {
        EngineExecutionResults results = Runs.run(reports, Programs.class);

        results.testEvents().assertStatistics(s -> s.succeeded(2).failed(3));
        assertThat(message(results, "excluded()"))
                .startsWith(
                        "a program that allowProcesses = [sh, /usr/bin/*, !cat] does not allow:\n  cat /dev/null  [")
                .contains(", /usr/bin/cat, by sh -c 'cat /dev/null; true'  [");
        assertThat(message(results, "replaced()")).contains("\n  sh » env » cat /dev/null  [", ", by the test itself");
        assertThat(message(results, "nothing()")).startsWith("a program that allowProcesses = [] does not allow:");
    }

    static class Kills {
        static int port;

        @Test
        @TraceProcesses(allowProcesses = "!sleep", onForbidden = OnForbidden.KILL)
        void program() throws Exception {
            assertThat(run("sleep", "600")).isEqualTo(128 + 9);
        }

        @Test
        @TraceProcesses(
                allowConnections = {},
                onForbidden = OnForbidden.KILL)
        void connection() throws Exception {
            assertThat(run("bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/" + port + "; exec sleep 600"))
                    .isEqualTo(128 + 9);
        }

        @Test
        @TraceProcesses(
                allowConnections = {},
                onForbidden = OnForbidden.KILL)
        void connectionOfTheJvm() throws Exception {
            new Socket(InetAddress.getLoopbackAddress(), port).close();
        }

        @Test
        @TraceProcesses(allowConnections = "localhost:*", allowProcesses = "!sleep", onForbidden = OnForbidden.KILL)
        void allowed() throws Exception {
            assertThat(run("bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/" + port + "; true"))
                    .isZero();
        }
    }

    @Test
    void shouldEndProcessesThatDoWhatIsNotAllowed() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Kills.port = server.getLocalPort();
            EngineExecutionResults results = Runs.run(reports, Kills.class);

            results.testEvents().assertStatistics(s -> s.succeeded(1).failed(3));
            assertThat(message(results, "program()"))
                    .startsWith("a program that allowProcesses = [!sleep] does not allow:\n  sleep 600  [")
                    .contains("SIGKILL", "\nended by onForbidden = KILL: sleep 600  [");
            assertThat(message(results, "connection()"))
                    .startsWith("a connection that allowConnections = [] does not allow:")
                    .contains("\nended by onForbidden = KILL: ");
            assertThat(message(results, "connectionOfTheJvm()"))
                    .startsWith(
                            "a connection that allowConnections = [] does not allow:\n  a thread of the test itself")
                    .doesNotContain("KILL");
        }
    }

    @Test
    void shouldKillOneProcessOfATracer() throws Exception {
        try (ProcessTreeTracer tracer =
                ProcessTreeTracer.builder().killOnClose(true).open()) {
            Process first = tracer.start(new ProcessBuilder("sleep", "600"));
            Process second = tracer.start(new ProcessBuilder("sleep", "601"));
            SpanId span = tracer.trace().processes().get(0).spanId();
            assertThat(tracer.kill(SpanId.random())).isFalse();
            assertThat(tracer.kill(span)).isTrue();
            assertThat(first.waitFor()).isEqualTo(128 + 9);
            tracer.trace();
            assertThat(tracer.kill(span)).isFalse();
            assertThat(second.isAlive()).isTrue();
            tracer.close();
            assertThat(tracer.kill(span)).isFalse();
        }
    }

    static class Quickly {
        private static final int ROUNDS = 100;

        @Test
        @TraceProcesses(
                allowProcesses = {},
                onForbidden = OnForbidden.KILL)
        void test(Tracer tracer) throws Exception {
            keep("quickly", tracer);
            for (int i = 0; i < ROUNDS; i++) {
                run("sleep", "600");
            }
        }
    }

    /** The figure in {@link OnForbidden#KILL}. */
    @Test
    void shouldBeQuick(TestInfo test, TestReporter reporter) {
        Runs.run(reports, Quickly.class);
        List<Duration> times = trace("quickly").processes().stream()
                .map(process -> Duration.between(process.execTime(), process.endTime()))
                .sorted()
                .toList();
        reporter.publishEntry(
                test.getDisplayName(),
                "exec to end by SIGKILL: median " + times.get(times.size() / 2) + ", 99 % within "
                        + times.get(times.size() - 2));
        assertThat(trace("quickly").processes()).hasSize(Quickly.ROUNDS).allMatch(ForbiddenProcessesIT::wasKilled);
        assertThat(times.get(times.size() / 2)).isLessThan(Duration.ofMillis(500));
    }

    private static boolean wasKilled(ProcessSpan process) {
        return "SIGKILL".equals(process.signal());
    }
}
