package it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.schedtrace.model.ProcessSpan;
import io.schedtrace.ProcessTreeTracer;
import io.schedtrace.model.Trace;
import io.schedtrace.Tracer;
import io.schedtrace.Tracing;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class VirtualThreadsTest {
    @BeforeAll
    static void skipsWhereTracingIsNotPossible() {
        var availability = Tracing.availability();
        assumeTrue(availability.available() || "1".equals(System.getenv("SCHED_TRACE_REQUIRE")), availability::message);
        assertEquals(25, Runtime.version().feature());
    }

    @Test
    void shouldLaunchOnAVirtualThread() throws Exception {
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Trace trace = executor.submit(() -> {
                        try (var t = Tracer.launch("sh", "-c", "ls / | wc -l")) {
                            return t.awaitTree(Duration.ofSeconds(60));
                        }
                    })
                    .get();
            assertEquals(List.of("sh", "ls", "wc"), trace.processes().stream().map(ProcessSpan::name).toList());
            assertTrue(trace.isComplete());
        }
    }

    @Test
    void shouldStartManyAtOnceInOneSession() throws Exception {
        try (var tracer = ProcessTreeTracer.builder().open();
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Process>> started = IntStream.range(0, 40)
                    .mapToObj(i -> executor.submit(() -> tracer.start(new ProcessBuilder("true", "" + i))))
                    .toList();
            for (var process : started) {
                assertEquals(0, process.get().waitFor());
            }
            Trace trace = tracer.awaitTree(Duration.ofSeconds(60));
            assertEquals(40, trace.roots().size());
            assertEquals(40, trace.processes().size());
        }
    }
}
