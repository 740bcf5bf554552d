package it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Trace;
import io.schedtrace.Tracer;
import io.schedtrace.junit.LeakedProcesses;
import io.schedtrace.junit.TraceProcesses;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** What several classes do at once. Each test finds its own processes, and no other. */
@TraceProcesses(leakedProcesses = LeakedProcesses.KILL, allowConnections = "localhost:*", failOnLoss = true)
abstract class Parallel {
    @RepeatedTest(5)
    void shouldSeeWhatItStarts(Tracer tracer) throws Exception {
        String mine = getClass().getSimpleName();
        Process process = new ProcessBuilder("sh", "-c", "true " + mine + "; true | cat").start();
        assertEquals(0, process.waitFor());

        Trace trace = tracer.awaitTree(Duration.ofSeconds(60));
        assertEquals(1, trace.roots().size(), trace::toString);
        assertEquals(process.pid(), trace.root().pid());
        assertEquals(List.of("sh", "-c", "true " + mine + "; true | cat"), trace.root().arguments());
        assertTrue(trace.processes().stream().allMatch(p -> p == trace.root() || p.parentSpanId() != null));
    }

    @Test
    void shouldSeeWhatItsExecutorStarts(Tracer tracer) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(4);
        try {
            List<CompletableFuture<Void>> all = java.util.stream.IntStream.range(0, 8)
                    .mapToObj(i -> CompletableFuture.runAsync(() -> run("true"), executor))
                    .toList();
            all.forEach(CompletableFuture::join);
        } finally {
            executor.shutdown();
        }
        Trace trace = tracer.awaitTree(Duration.ofSeconds(60));
        assertEquals(8, trace.processes().size(), trace::toString);
        assertTrue(trace.processes().stream().map(ProcessSpan::name).allMatch("true"::equals));
    }

    @Test
    void shouldNotLeaveAnythingRunning(Tracer tracer) throws Exception {
        new ProcessBuilder("sh", "-c", "setsid sleep 600 & exit 0").start().waitFor();
        assertTrue(tracer.processes().stream().anyMatch(ProcessSpan::running));
    }

    private static void run(String program) {
        try {
            new ProcessBuilder(program).start().waitFor();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
