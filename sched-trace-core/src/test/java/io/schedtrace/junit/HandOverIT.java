package io.schedtrace.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.Tracer;
import io.schedtrace.lab.DaemonThreads;
import io.schedtrace.lab.KernelTest;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two older threads start processes all the time while one test follows another. */
@KernelTest
class HandOverIT {
    private static final int TESTS = 300;

    private static final Queue<Tracer> TRACERS = new ConcurrentLinkedQueue<>();
    private static final Queue<Long> STARTED = new ConcurrentLinkedQueue<>();
    private static volatile boolean stops;
    private static List<Future<?>> busy;
    private static Trace strays;

    @TempDir
    Path reports;

    @TraceProcesses(failOnLoss = true)
    static class Traced {
        @RepeatedTest(TESTS)
        void runs(RepetitionInfo repetition, Tracer tracer) throws Exception {
            TRACERS.add(tracer);
            if (repetition.getCurrentRepetition() == 1) {
                ExecutorService pool = Executors.newFixedThreadPool(2, DaemonThreads.FACTORY);
                busy = List.of(pool.submit(HandOverIT::startProcesses), pool.submit(HandOverIT::startProcesses));
                pool.shutdown();
            }
            TimeUnit.MILLISECONDS.sleep(repetition.getCurrentRepetition() % 4);
        }
    }

    static class Last {
        @Test
        void keepsTheStrays() throws Exception {
            stops = true;
            for (Future<?> task : busy) {
                task.get(30, TimeUnit.SECONDS);
            }
            strays = RunningTests.current().strays().tracer().trace();
        }
    }

    private static void startProcesses() {
        while (!stops) {
            try {
                Process process = new ProcessBuilder("true", "busy").start();
                STARTED.add(process.pid());
                process.waitFor();
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void shouldHaveEachProcessInOneTrace() {
        assertThat(Runs.launch(reports, Map.of(), Traced.class, Last.class).getTestsSucceededCount())
                .isEqualTo(TESTS + 1);

        List<Long> traced = Stream.concat(TRACERS.stream().map(Tracer::trace), Stream.of(strays))
                .flatMap(trace -> trace.processes().stream())
                .map(ProcessSpan::pid)
                .toList();
        assertThat(STARTED).hasSizeGreaterThan(TESTS);
        assertThat(traced).containsExactlyInAnyOrderElementsOf(STARTED);
        assertThat(Runs.marks(strays)).as("between tests").isNotEmpty();
        assertThat(TRACERS.stream().filter(tracer -> !Runs.marks(tracer.trace()).isEmpty()))
                .as("tests with processes of older threads")
                .hasSizeGreaterThan(TESTS / 10);
    }
}
