package io.schedtrace;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.lab.ChildJvm;
import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.Survivor;
import io.schedtrace.lab.TestPrograms;
import io.schedtrace.lab.Traces;
import io.schedtrace.model.ProcessSpan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What must not harm the traced programs, nor end tracing for the rest of the JVM's life. */
@KernelTest
@Timeout(300)
class SurvivalIT {
    private static final String GONE = "gone";

    /** The state of a process in proc_pid_stat(5): a letter, T if it is stopped. */
    private static String state(long pid) throws IOException {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.substring(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
        } catch (NoSuchFileException e) {
            return GONE;
        }
    }

    @Test
    void nothingStaysStoppedWhenATreeIsKilledWhileItsTracerCloses() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        for (int round = 0; round < 15; round++) {
            ProcessTreeTracer tracer = ProcessTreeTracer.builder().open();
            Process shell = tracer.start(Traces.quiet("sh", "-c", "for i in $(seq 60); do sleep 600 & done; wait"));
            while (tracer.processes().size() < 61) {
                Thread.onSpinWait();
            }
            List<Long> pids = tracer.processes().stream().map(ProcessSpan::pid).toList();
            CountDownLatch both = new CountDownLatch(2);
            Future<?> kill = threads.submit(() -> {
                both.countDown();
                both.await();
                return tracer.killTree();
            });
            Future<?> close = threads.submit(() -> {
                both.countDown();
                both.await();
                tracer.close();
                return null;
            });
            kill.get(60, TimeUnit.SECONDS);
            close.get(60, TimeUnit.SECONDS);
            try {
                for (long pid : pids) {
                    assertThat(state(pid))
                            .as("round %d, process %d", round, pid)
                            .isNotEqualTo("T");
                }
            } finally {
                pids.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
                shell.destroyForcibly();
            }
        }
        threads.shutdown();
    }

    @Test
    void nothingStartsOnceClosingHasBegunAndNothingOfItLivesOn() throws Exception {
        for (int round = 0; round < 20; round++) {
            ProcessTreeTracer tracer =
                    ProcessTreeTracer.builder().killOnClose(true).open();
            Collection<Process> started = new ConcurrentLinkedQueue<>();
            List<Thread> starters = new ArrayList<>();
            CountDownLatch first = new CountDownLatch(2);
            for (int i = 0; i < 2; i++) {
                Thread starter = new Thread(() -> startUntilClosed(tracer, started, first));
                starter.start();
                starters.add(starter);
            }
            first.await();
            tracer.close();
            for (Thread starter : starters) {
                starter.join();
            }
            for (Process process : started) {
                assertThat(process.waitFor(5, TimeUnit.SECONDS))
                        .as("round %d, process %d has ended", round, process.pid())
                        .isTrue();
            }
        }
    }

    private static void startUntilClosed(ProcessTreeTracer tracer, Collection<Process> started, CountDownLatch first) {
        try {
            while (true) {
                started.add(tracer.start(Traces.quiet("sleep", "600")));
                first.countDown();
            }
        } catch (IllegalStateException e) {
            assertThat(e).hasMessageContaining("closed");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aLackOfMemoryIsCountedAndEndsNothing() {
        List<String> lines = new ChildJvm().option("-Xmx48m").lines(Survivor.class, "memory", "700");
        assertThat(lines).contains("seen true").anyMatch(line -> line.startsWith("after 1 processes, complete true"));
    }

    @Test
    void argumentsAreBoundAndTheTraceStaysWhole() throws Exception {
        String[] command = {"sh", "-c", "for i in 1 2 3 4 5; do /bin/true $(head -c 1000 /dev/zero | tr '\\0' x); done"
        };
        try (ProcessTreeTracer tracer =
                ProcessTreeTracer.builder().argumentMemory(2500).open()) {
            tracer.start(Traces.quiet(command)).waitFor();
            var trace = tracer.awaitTree(Traces.LONG);
            assertThat(trace.isComplete()).isTrue();
            assertThat(trace.loss().truncated()).isPositive();
            assertThat(trace.processes())
                    .filteredOn(process -> process.name().equals("true"))
                    .hasSize(5)
                    .anyMatch(ProcessSpan::argumentsTruncated)
                    .anyMatch(process -> !process.argumentsTruncated())
                    .allMatch(process -> process.arguments().get(0).equals("/bin/true"));
        }
    }

    @Test
    void aClosedEpollDescriptorIsReportedOnceAndNothingSpins() {
        TestPrograms.Result result = new ChildJvm().run(Survivor.class, "descriptors");
        assertThat(result.text()).contains("after 2 processes, complete true, lost 0");
        assertThat(result.text().lines().filter(line -> line.contains("the kernel cannot wake the reader")))
                .hasSize(1);
        assertThat(result.text().lines().count()).isLessThan(10);
    }

    @Test
    void theProbeIsUnloadedSomeTimeAfterTheLastSession() {
        assertThat(new ChildJvm().lines(Survivor.class, "idle"))
                .contains("left []", "reader false")
                .anyMatch(line -> line.startsWith("second 1 processes, complete true"));
    }

    @Test
    void theProbeMayBeUnloadedForTwoReasonsAtOnce() {
        assertThat(new ChildJvm().lines(Survivor.class, "resize", "60"))
                .anyMatch(line -> line.startsWith("resized 1 processes, complete true"));
    }

    @Test
    void tracersThatWereNeverClosedFreeTheirPlaces() {
        assertThat(new ChildJvm().option("-Xmx512m").lines(Survivor.class, "forgotten", "1100"))
                .contains("opened 1100");
    }

    @Test
    void eachOfManyClassLoadersCanTrace() {
        assertThat(new ChildJvm()
                        .lines(Survivor.class, "loaders", "36").stream()
                                .filter(line -> line.startsWith("traced 1 processes, complete true")))
                .hasSize(36);
    }

    @Test
    void theReaderIsOutOfTheKernelWhenTheJvmExitsAndTracingGoesOn() {
        assertThat(new ChildJvm().lines(Survivor.class, "traceInHook"))
                .contains("in the kernel false")
                .anyMatch(line -> line.startsWith("at the end 2 processes, complete true"));
    }
}
