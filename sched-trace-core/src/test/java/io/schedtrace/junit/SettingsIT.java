package io.schedtrace.junit;

import static io.schedtrace.junit.Runs.keep;
import static io.schedtrace.junit.Runs.mark;
import static io.schedtrace.junit.Runs.marks;
import static io.schedtrace.junit.Runs.trace;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.ProcessTreeTracer;
import io.schedtrace.Tracer;
import io.schedtrace.lab.KernelTest;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.TraceId;
import io.schedtrace.model.TraceListener;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.testkit.engine.EngineExecutionResults;

/** Connections, loss, and the same by an object. */
@KernelTest
class SettingsIT {
    @TempDir
    Path reports;

    @TraceProcesses(allowConnections = {"localhost:1", "192.0.2.0/24"})
    static class Connects {
        static int port;

        @Test
        void byItself() throws Exception {
            new Socket(InetAddress.getLoopbackAddress(), port).close();
        }

        @Test
        void byAProcess() throws Exception {
            new ProcessBuilder("bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/" + port)
                    .start()
                    .waitFor();
        }

        @Test
        @TraceProcesses(allowConnections = "localhost:*")
        void allowed() throws Exception {
            byItself();
            byAProcess();
        }

        @Test
        @TraceProcesses(allowConnections = {})
        void nothingIsAllowed() throws Exception {
            byItself();
        }
    }

    @Test
    void shouldFailOnConnectionsThatAreNotAllowed() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Connects.port = server.getLocalPort();
            EngineExecutionResults results = Runs.run(reports, Connects.class);

            results.testEvents().assertStatistics(s -> s.succeeded(1).failed(3));
            String to = "→ localhost:" + Connects.port + " (127.0.0.1)";
            assertThat(message(results, "byItself()"))
                    .startsWith("a connection that allowConnections = [localhost:1, 192.0.2.0/24] does not allow:\n"
                            + "  a thread of the test itself ["
                            + ProcessHandle.current().pid() + "] ")
                    .contains(to);
            assertThat(message(results, "byAProcess()"))
                    .contains("\n  bash -c 'exec 3<>/dev/tcp/127.0.0.1/" + Connects.port + "'  [")
                    .contains(to);
            assertThat(message(results, "nothingIsAllowed()"))
                    .startsWith("a connection that allowConnections = [] does not allow:");
        }
    }

    private static String message(EngineExecutionResults results, String test) {
        return results.testEvents().failed().stream()
                .filter(event -> event.getTestDescriptor().getDisplayName().equals(test))
                .map(event -> event.getRequiredPayload(org.junit.platform.engine.TestExecutionResult.class))
                .map(result -> result.getThrowable().orElseThrow().getMessage())
                .findFirst()
                .orElseThrow();
    }

    @TraceProcesses(failOnLoss = true)
    static class Loses {
        @Test
        void loses() throws Exception {
            new ProcessBuilder("true", "x".repeat(20_000)).start().waitFor();
        }

        @Test
        @TraceProcesses
        void doesNotMind() throws Exception {
            loses();
        }
    }

    @Test
    void shouldFailOnLossIfAskedTo() {
        ProcessTreeTracer smallRing = ProcessTreeTracer.builder().ringSize(4096).open();
        try {
            EngineExecutionResults results = Runs.run(reports, Loses.class);
            results.testEvents().assertStatistics(s -> s.succeeded(1).failed(1));
            assertThat(message(results, "loses()")).startsWith("the trace is not whole: Loss[recordsByType={");
        } finally {
            smallRing.close();
        }
    }

    static class Programmatic {
        static final ConcurrentLinkedQueue<String> HEARD = new ConcurrentLinkedQueue<>();

        @RegisterExtension
        static final TraceExtension TRACE = TraceExtension.builder()
                .whenUnavailable(WhenUnavailable.FAIL)
                .leakedProcesses(LeakedProcesses.KILL)
                .allowConnections("localhost:*")
                .failOnLoss(true)
                .alwaysReport(true)
                .tracer(tracer -> tracer.traceId(TraceId.parse("0123456789abcdef0123456789abcdef")))
                .tracer(tracer -> tracer.listener(new TraceListener() {
                    @Override
                    public void processEnded(ProcessSpan process) {
                        HEARD.add(process.arguments().get(1));
                    }
                }))
                .build();

        @BeforeAll
        static void before(Tracer tracer) {
            keep("class", tracer);
            mark("class");
        }

        @Test
        void traced(Tracer tracer) throws Exception {
            keep("test", tracer);
            mark("test");
            new ProcessBuilder("sleep", "603").start();
        }
    }

    @Test
    void shouldDoTheSameByAnObject() {
        Runs.run(reports, Programmatic.class).testEvents().assertStatistics(s -> s.succeeded(1));
        assertThat(marks("class")).containsExactly("class");
        assertThat(marks("test")).containsExactly("test");
        assertThat(trace("test").traceId()).hasToString("0123456789abcdef0123456789abcdef");
        assertThat(Programmatic.HEARD).containsExactlyInAnyOrder("class", "test", "603");
        assertThat(reports.resolve(Programmatic.class.getName())).isDirectoryContaining("glob:**/traced.json");
    }

    static class PerInstance {
        @RegisterExtension
        final TraceExtension trace = TraceExtension.builder().build();

        @Test
        void traced(Tracer tracer) {
            keep("test", tracer);
            mark("test");
        }
    }

    @Test
    void shouldWorkInAnInstanceField() {
        Runs.run(reports, PerInstance.class).testEvents().assertStatistics(s -> s.succeeded(1));
        assertThat(marks("test")).containsExactly("test");
    }
}
