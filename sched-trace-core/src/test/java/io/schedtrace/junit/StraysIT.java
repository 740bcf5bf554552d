package io.schedtrace.junit;

import static io.schedtrace.junit.Runs.keep;
import static io.schedtrace.junit.Runs.mark;
import static io.schedtrace.junit.Runs.marks;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.Tracer;
import io.schedtrace.lab.DaemonThreads;
import io.schedtrace.lab.KernelTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** What threads do that no test has made, while several tests run. */
@KernelTest
class StraysIT {
    private static final Map<String, String> TWO_AT_ONCE = Map.of(
            "junit.jupiter.execution.parallel.enabled", "true",
            "junit.jupiter.execution.parallel.mode.default", "concurrent",
            "junit.jupiter.execution.parallel.config.strategy", "fixed",
            "junit.jupiter.execution.parallel.config.fixed.parallelism", "2");

    private static ExecutorService older;

    @TempDir
    Path reports;

    @BeforeAll
    static void makeThread() throws Exception {
        older = Executors.newSingleThreadExecutor(DaemonThreads.FACTORY);
        older.submit(() -> {}).get();
    }

    @AfterAll
    static void endThread() {
        older.shutdownNow();
    }

    private static <T> T onOlderThread(Callable<T> task) throws Exception {
        return older.submit(task).get(30, TimeUnit.SECONDS);
    }

    private static Void connect() throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));
        } catch (java.net.ConnectException e) {
            assertThat(e).hasMessageContaining("refused");
        }
        return null;
    }

    private static void meet(CyclicBarrier barrier) throws Exception {
        barrier.await(30, TimeUnit.SECONDS);
    }

    private List<String> failures(TestExecutionSummary summary) {
        return summary.getFailures().stream()
                .map(failure -> failure.getTestIdentifier().getDisplayName() + ": "
                        + failure.getException().getMessage())
                .sorted()
                .toList();
    }

    static class Connections {
        static final CyclicBarrier BARRIER = new CyclicBarrier(2);

        @Test
        @TraceProcesses(allowConnections = {})
        void forbids() throws Exception {
            meet(BARRIER);
            onOlderThread(StraysIT::connect);
            meet(BARRIER);
        }

        @Test
        @TraceProcesses
        void allows() throws Exception {
            meet(BARRIER);
            meet(BARRIER);
        }
    }

    @Test
    void shouldFailATestWhoseGuardAStrayConnectionBreaks() {
        assertThat(failures(Runs.launch(reports, TWO_AT_ONCE, Connections.class)))
                .singleElement()
                .satisfies(failure -> assertThat(failure)
                        .startsWith("forbids(): a connection that allowConnections = [] does not allow:\n"
                                + "  a thread of the test itself")
                        .contains("This is a stray: a thread did it that no test has made, while forbids() and"
                                + " StraysIT$Connections, allows() ran.".replace("StraysIT$Connections, ", "")));
    }

    static class Leaks {
        static final CyclicBarrier BARRIER = new CyclicBarrier(2);
        static Process left;

        @Test
        @TraceProcesses(leakedProcesses = LeakedProcesses.FAIL)
        void endsFirst() throws Exception {
            meet(BARRIER);
            left = onOlderThread(() -> new ProcessBuilder("sleep", "100").start());
        }

        @Test
        @TraceProcesses(leakedProcesses = LeakedProcesses.FAIL)
        void endsLast() throws Exception {
            meet(BARRIER);
            Ended.await("endsFirst()");
        }
    }

    /** Tells the tests which tests are over. */
    static final class Ended implements TestExecutionListener {
        private static final java.util.Set<String> NAMES = java.util.concurrent.ConcurrentHashMap.newKeySet();

        static void await(String name) throws InterruptedException {
            while (!NAMES.contains(name)) {
                Thread.sleep(1);
            }
        }

        @Override
        public void executionFinished(TestIdentifier test, org.junit.platform.engine.TestExecutionResult result) {
            NAMES.add(test.getDisplayName());
        }
    }

    @Test
    void shouldFailTheLastTestThatAStrayProcessMayBelongTo() {
        try {
            assertThat(failures(Runs.launch(reports, TWO_AT_ONCE, new Ended(), Leaks.class)))
                    .singleElement()
                    .satisfies(failure -> assertThat(failure)
                            .startsWith("endsLast(): a process still running:\n  sleep ")
                            .contains("while endsLast() and endsFirst() ran"));
        } finally {
            Leaks.left.destroyForcibly();
        }
    }

    static class LeaksUnguardedAtLast {
        static final CyclicBarrier BARRIER = new CyclicBarrier(2);
        static Process left;

        @Test
        @TraceProcesses(leakedProcesses = LeakedProcesses.FAIL)
        void guarded() throws Exception {
            meet(BARRIER);
            left = onOlderThread(() -> new ProcessBuilder("sleep", "100").start());
        }

        @Test
        @TraceProcesses
        void unguarded() throws Exception {
            meet(BARRIER);
            Ended.await("guarded()");
        }
    }

    @Test
    void shouldFailTheRunIfTheGuardedTestIsOver() {
        try {
            assertThat(failures(Runs.launch(reports, TWO_AT_ONCE, new Ended(), LeaksUnguardedAtLast.class)))
                    .singleElement()
                    .satisfies(failure -> assertThat(failure)
                            .startsWith("JUnit Jupiter: a process still running:\n  sleep ")
                            .contains("while unguarded() and guarded() ran"));
        } finally {
            LeaksUnguardedAtLast.left.destroyForcibly();
        }
    }

    static class Wrapped {
        static final CyclicBarrier BARRIER = new CyclicBarrier(2);

        @Test
        @TraceProcesses(allowConnections = {})
        void wraps(Tracer tracer) throws Exception {
            keep("wraps", tracer);
            meet(BARRIER);
            tracer.wrap(older).submit(() -> mark("executor service")).get();
            older.submit(tracer.wrap((Runnable) () -> mark("runnable"))).get();
            older.submit(tracer.wrap(() -> {
                        mark("callable");
                        return 1;
                    }))
                    .get();
            tracer.wrap((Executor) Runnable::run).execute(() -> mark("executor"));
            meet(BARRIER);
        }

        @Test
        @TraceProcesses
        void other(Tracer tracer) throws Exception {
            keep("other", tracer);
            meet(BARRIER);
            mark("other");
            meet(BARRIER);
        }
    }

    @Test
    void shouldGiveWrappedTasksToTheirTest() {
        assertThat(failures(Runs.launch(reports, TWO_AT_ONCE, Wrapped.class))).isEmpty();
        assertThat(marks("wraps")).containsExactly("executor service", "runnable", "callable", "executor");
        assertThat(marks("other")).containsExactly("other");
        assertThat(reports.resolve("strays.txt")).doesNotExist();
    }

    static class Reported {
        static final CyclicBarrier BARRIER = new CyclicBarrier(2);

        @Test
        @TraceProcesses(
                strays = Strays.REPORT,
                allowConnections = {})
        void reports() throws Exception {
            meet(BARRIER);
            onOlderThread(StraysIT::connect);
            mark("own");
            onOlderThread(() -> {
                mark("stray");
                return null;
            });
            meet(BARRIER);
        }

        @Test
        void isNotTraced() throws Exception {
            meet(BARRIER);
            mark("untraced");
            meet(BARRIER);
        }
    }

    @Test
    void shouldOnlyReportStraysIfThatIsAskedFor() throws Exception {
        String output = new ChildJvm()
                .option("-D" + TraceProcesses.REPORT_DIRECTORY + "=" + reports)
                .option("-Djunit.jupiter.execution.parallel.enabled=true")
                .option("-Djunit.jupiter.execution.parallel.mode.default=concurrent")
                .option("-Djunit.jupiter.execution.parallel.config.strategy=fixed")
                .option("-Djunit.jupiter.execution.parallel.config.fixed.parallelism=2")
                .require()
                .run(ReportedInChild.class);
        assertThat(output)
                .contains("SUCCESSFUL reports()", "SUCCESSFUL isNotTraced()")
                .contains("sched-trace: 1 process and 1 connection may belong to any of several tests that ran in"
                        + " parallel: see " + reports.resolve("strays.txt"));
        assertThat(Files.readString(reports.resolve("strays.txt")))
                .contains("true stray", "localhost:1 ")
                .doesNotContain("true own", "true untraced");
    }

    /** With a thread that is older than its tests. */
    static class ReportedInChild extends Reported {
        static {
            try {
                makeThread();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }
}
