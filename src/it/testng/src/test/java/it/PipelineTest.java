package it;

import static org.testng.Assert.assertEquals;
import static org.testng.Assert.assertTrue;

import io.schedtrace.model.Availability;
import io.schedtrace.ProcessTreeTracer;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TraceId;
import io.schedtrace.Tracing;
import java.time.Duration;
import org.testng.SkipException;
import org.testng.annotations.AfterMethod;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

/** A tracer a test method; the thread is in its scope, so that everything that the test starts is traced. */
public class PipelineTest {
    private ProcessTreeTracer tracer;

    @BeforeClass
    public void skipWhereTracingIsNotPossible() {
        Availability availability = Tracing.availability();
        if (!availability.available() && !"1".equals(System.getenv("SCHED_TRACE_REQUIRE"))) {
            throw new SkipException(availability.message());
        }
    }

    @BeforeMethod
    public void open() {
        tracer = ProcessTreeTracer.builder()
                .traceId(TraceId.parse("4bf92f3577b34da6a3ce929d0e0e4736"))
                .killOnClose(true)
                .open();
    }

    @AfterMethod(alwaysRun = true)
    public void close() {
        if (tracer != null) {
            tracer.close();
        }
    }

    @Test
    public void shouldTraceWhatTheTestStartsByItself() throws Exception {
        try (var scope = tracer.enter()) {
            assertEquals(new ProcessBuilder("sh", "-c", "true | cat").start().waitFor(), 0);
            assertEquals(new ProcessBuilder("date").start().waitFor(), 0);
        }
        Trace trace = tracer.awaitTree(Duration.ofSeconds(60));
        assertEquals(
                trace.roots().stream().map(process -> process.name()).toList(), java.util.List.of("sh", "date"));
        assertTrue(trace.isComplete());
    }

    @Test
    public void shouldEndWhatIsLeftRunning() throws Exception {
        Process left = tracer.start(new ProcessBuilder("sleep", "600"));
        tracer.close();
        assertEquals(left.waitFor(), 128 + 9);
        assertEquals(tracer.trace().root().signal(), "SIGKILL");
    }
}
