package io.schedtrace;

import static io.schedtrace.lab.Traces.named;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.schedtrace.internal.backend.bpf.ProbeInternals;
import io.schedtrace.lab.ChildJvm;
import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.TestPrograms;
import io.schedtrace.lab.Traces;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Trace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The end of whole trees. */
@KernelTest
@Timeout(120)
class KillTreeIT {
    private static TracedCommand up(String... command) throws Exception {
        TracedCommand traced = Tracer.launch(command);
        assertThat(traced.process().inputReader().readLine()).isEqualTo("up");
        return traced;
    }

    @Test
    void aDaemonThatRanAwayIsFound() throws Exception {
        try (TracedCommand command = up(
                "sh",
                "-c",
                "setsid sh -c 'setsid sleep 3600 > /dev/null & exit 0' & wait; sleep 3600 & echo up; wait")) {
            waitForSleeps(command, 2);
            assertThat(command.killTree()).isBetween(2, 4);

            Trace trace = command.awaitTree(Duration.ofSeconds(10));
            List<ProcessSpan> sleeps = trace.processes().stream()
                    .filter(process -> process.name().equals("sleep"))
                    .toList();
            assertThat(sleeps).hasSize(2).allMatch(sleep -> "SIGKILL".equals(sleep.signal()));
            assertThat(command.waitFor()).isEqualTo(128 + 9);
            assertThat(command.killTree()).isZero();
        }
    }

    @Test
    void whatForksWhileItIsKilledIsFound() throws Exception {
        try (TracedCommand command = up(
                "sh",
                "-c",
                "f() { while :; do sleep 3600 & (sleep 3600 & sleep 0.001); done; }; f & f & echo up; wait")) {
            TimeUnit.MILLISECONDS.sleep(100);
            assertThat(command.killTree()).isPositive();

            assertThat(command.awaitTree(Duration.ofSeconds(20)).processes()).noneMatch(ProcessSpan::running);
        }
    }

    /** No process of it lives long enough to be looked for: each forks the next one and ends. */
    @Test
    void aChainOfForksIsCaught() throws Exception {
        try (TracedCommand command = Tracer.launch(Traces.quiet(TestPrograms.storm(), "chain", "30"))) {
            TimeUnit.MILLISECONDS.sleep(200);
            command.killTree();

            Trace trace = command.awaitTree(Duration.ofSeconds(5));
            assertThat(trace.processes()).hasSizeGreaterThan(10);
            assertThat(trace.processes().get(trace.processes().size() - 1).signal())
                    .isEqualTo("SIGKILL");
        }
    }

    /** The ring is full when the process begins. */
    @Test
    void aProcessOfWhichNoRecordTellsIsKilled() throws Exception {
        Process[] unknown = new Process[1];
        try (ProcessTreeTracer tracer =
                ProcessTreeTracer.builder().ringSize(4096).killOnClose(true).open()) {
            ProbeInternals.whileNobodyDrains(() -> {
                fillRing(tracer);
                unknown[0] = tracer.start(Traces.quiet("sleep", "3600"));
                return null;
            });
            assertThat(tracer.trace().loss().recordsByType()).containsKey("process_start");
        }
        assertThat(unknown[0].waitFor()).isEqualTo(128 + 9);
    }

    /** The ring is full when the process ends, so that the trace takes it for one that runs. */
    @Test
    void whoHasThePidOfALostProcessNowIsLeftAlone() throws Exception {
        Path lastPid = Path.of("/proc/sys/kernel/ns_last_pid");
        assumeThat(lastPid).isWritable();
        try (ProcessTreeTracer tracer =
                ProcessTreeTracer.builder().ringSize(4096).open()) {
            Process keeper = tracer.start(Traces.quiet("sleep", "3600"));
            Process lost = tracer.start(Traces.quiet("sleep", "3600"));
            tracer.trace();
            ProbeInternals.whileNobodyDrains(() -> {
                fillRing(tracer);
                lost.destroyForcibly().waitFor();
                return null;
            });
            Process stranger = Traces.quiet("sleep", "3600").start();
            for (int i = 0; i < 1000 && stranger.pid() != lost.pid(); i++) {
                stranger.destroyForcibly().waitFor();
                Files.writeString(lastPid, Long.toString(lost.pid() - 1));
                stranger = Traces.quiet("sleep", "3600").start();
            }
            assertThat(stranger.pid()).isEqualTo(lost.pid());

            assertThat(tracer.killTree()).isEqualTo(1);
            assertThat(keeper.waitFor()).isEqualTo(128 + 9);
            assertThat(stranger.isAlive()).isTrue();
            stranger.destroyForcibly();
        }
    }

    private static void fillRing(Tracer tracer) throws Exception {
        for (int i = 0; i < 8; i++) {
            tracer.start(Traces.quiet("true")).waitFor();
        }
    }

    @Test
    void killOnCloseEndsEverything() throws Exception {
        ProcessHandle sleeper;
        ProcessTreeTracer tracer = ProcessTreeTracer.builder().killOnClose(true).open();
        try (tracer) {
            Process process = tracer.start(new ProcessBuilder("sh", "-c", "setsid sleep 3600 & echo up; exit 0"));
            assertThat(process.inputReader().readLine()).isEqualTo("up");
            assertThat(process.waitFor()).isZero();
            sleeper = ProcessHandle.of(named(waitForSleeps(tracer, 1), "sleep").pid())
                    .orElseThrow();
        }
        assertThat(named(tracer.trace(), "sleep").signal()).isEqualTo("SIGKILL");
        assertThat(ChildJvm.awaitEnd(sleeper)).isTrue();
    }

    /** As a test that has run into its timeout does. */
    @Test
    void killOnCloseEndsEverythingOnAnInterruptedThread() throws Exception {
        ProcessTreeTracer tracer = ProcessTreeTracer.builder().killOnClose(true).open();
        try (tracer) {
            tracer.start(Traces.quiet("sh", "-c", "while :; do sleep 3600 & sleep 0.001; done"));
            TimeUnit.MILLISECONDS.sleep(100);
            Thread.currentThread().interrupt();
        }
        assertThat(Thread.interrupted()).isTrue();
        assertThat(tracer.trace().processes()).isNotEmpty().noneMatch(ProcessSpan::running);
    }

    @Test
    void withoutKillOnCloseNothingIsKilled() throws Exception {
        TracedCommand command = up("sh", "-c", "echo up; read x; exit 7");
        command.close();
        command.process().getOutputStream().close();

        assertThat(command.waitFor()).isEqualTo(7);
    }

    private static Trace waitForSleeps(Tracer tracer, int n) throws InterruptedException {
        Trace trace = tracer.trace();
        while (trace.processes().stream()
                        .filter(process -> process.name().equals("sleep"))
                        .count()
                < n) {
            TimeUnit.MILLISECONDS.sleep(1);
            trace = tracer.trace();
        }
        return trace;
    }
}
