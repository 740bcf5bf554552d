package io.schedtrace.junit;

import static io.schedtrace.junit.Runs.failure;
import static io.schedtrace.junit.Runs.keep;
import static io.schedtrace.junit.Runs.trace;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.Tracer;
import io.schedtrace.lab.KernelTest;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.testkit.engine.EngineExecutionResults;

/** Processes that are still alive after their test. */
@KernelTest
class LeaksIT {
    @TempDir
    Path reports;

    private static Map<String, String> published(EngineExecutionResults results) {
        return results.allEvents().reportingEntryPublished().stream()
                .map(event -> event.getRequiredPayload(ReportEntry.class).getKeyValuePairs())
                .flatMap(pairs -> pairs.entrySet().stream())
                .collect(java.util.stream.Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Trace last;

    @AfterEach
    void endLeftovers() {
        if (last != null) {
            for (ProcessSpan process : last.processes()) {
                if (process.running()) {
                    ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
                }
            }
            last = null;
        }
    }

    private static boolean isAlive(long pid) throws IOException {
        Path stat = Path.of("/proc/" + pid + "/stat");
        return Files.exists(stat) && !Files.readString(stat).contains(") Z ");
    }

    /** A daemon: a process in a session of its own whose parents are gone. */
    private static void daemon(Tracer tracer) throws Exception {
        new ProcessBuilder("sh", "-c", "setsid sh -c 'sleep 601 & ' < /dev/null > /dev/null 2>&1")
                .start()
                .waitFor();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (tracer.processes().stream()
                        .noneMatch(process -> process.arguments().equals(List.of("sleep", "601")))
                && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
    }

    private ProcessSpan sleeper() {
        last = trace("leak");
        return last.processes().stream()
                .filter(process -> process.arguments().equals(List.of("sleep", "601")))
                .findFirst()
                .orElseThrow();
    }

    @TraceProcesses
    static class LeaksIgnored {
        @Test
        void leaves(Tracer tracer) throws Exception {
            keep("leak", tracer);
            daemon(tracer);
        }
    }

    @TraceProcesses(leakedProcesses = LeakedProcesses.REPORT)
    static class LeaksReported extends LeaksIgnored {}

    @TraceProcesses(leakedProcesses = LeakedProcesses.FAIL)
    static class LeaksFail extends LeaksIgnored {}

    @TraceProcesses(leakedProcesses = LeakedProcesses.KILL)
    static class LeaksKilled extends LeaksIgnored {}

    @Test
    void shouldIgnoreLeaks() throws Exception {
        EngineExecutionResults results = Runs.run(reports, LeaksIgnored.class);
        results.testEvents().assertStatistics(s -> s.succeeded(1));
        assertThat(published(results)).isEmpty();
        assertThat(isAlive(sleeper().pid())).isTrue();
    }

    @Test
    void shouldReportLeaks() throws Exception {
        EngineExecutionResults results = Runs.run(reports, LeaksReported.class);
        results.testEvents().assertStatistics(s -> s.succeeded(1));
        assertThat(published(results).get("sched-trace.leaked"))
                .startsWith("  sleep 601  [" + sleeper().pid() + "] ")
                .endsWith("running");
        assertThat(isAlive(sleeper().pid())).isTrue();
    }

    @Test
    void shouldFailOnLeaks() throws Exception {
        Throwable failure = failure(Runs.run(reports, LeaksFail.class));
        assertThat(failure)
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("1 process of leaves(Tracer) still running after it:\n  sleep 601  ["
                        + sleeper().pid() + "] ");
        assertThat(isAlive(sleeper().pid())).isTrue();
    }

    @Test
    void shouldEndLeakedDaemons() throws Exception {
        EngineExecutionResults results = Runs.run(reports, LeaksKilled.class);
        results.testEvents().assertStatistics(s -> s.succeeded(1));
        assertThat(sleeper().signal()).isEqualTo("SIGKILL");
        assertThat(isAlive(sleeper().pid())).isFalse();
        assertThat(published(results).get("sched-trace.leaked")).contains("sleep 601");
    }

    @TraceProcesses(leakedProcesses = LeakedProcesses.FAIL)
    static class EndsInTime {
        @Test
        void destroys(Tracer tracer) throws Exception {
            new ProcessBuilder("sleep", "602").start().destroy();
        }
    }

    @Test
    void shouldGiveProcessesAMomentToEnd() {
        Runs.run(reports, EndsInTime.class).testEvents().assertStatistics(s -> s.succeeded(1));
    }

    @TraceProcesses(leakedProcesses = LeakedProcesses.KILL)
    static class LeakOfTheClass {
        @BeforeAll
        static void starts(Tracer tracer) throws Exception {
            keep("leak", tracer);
            daemon(tracer);
        }

        @Test
        void usesIt() {
            assertThat(Runs.tracer("leak").processes()).anyMatch(ProcessSpan::running);
        }
    }

    @Test
    void shouldEndWhatTheClassHasStartedAfterItsLastTest() {
        Runs.run(reports, LeakOfTheClass.class).testEvents().assertStatistics(s -> s.succeeded(1));
        assertThat(sleeper().signal()).isEqualTo("SIGKILL");
    }
}
