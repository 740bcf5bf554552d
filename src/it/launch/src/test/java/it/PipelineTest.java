package it;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.schedtrace.model.Availability;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Trace;
import io.schedtrace.Tracer;
import io.schedtrace.Tracing;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PipelineTest {
    @BeforeAll
    static void skipsWhereTracingIsNotPossible() {
        Availability availability = Tracing.availability();
        assumeTrue(availability.available() || "1".equals(System.getenv("SCHED_TRACE_REQUIRE")), availability::message);
    }

    @Test
    void shouldStartBothEndsOfThePipe() throws Exception {
        try (var t = Tracer.launch("sh", "-c", "ls / | wc -l")) {
            int code = t.waitFor();
            Trace trace = t.awaitTree(Duration.ofSeconds(60));
            System.out.println(trace);
            assertAll(
                    () -> assertEquals(0, code),
                    () -> assertTrue(trace.isComplete()),
                    () -> assertEquals(
                            List.of("sh", "ls", "wc"),
                            trace.processes().stream().map(ProcessSpan::name).toList()),
                    () -> assertEquals(t.process().pid(), trace.root().pid()));
        }
    }
}
