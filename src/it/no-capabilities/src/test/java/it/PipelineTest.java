package it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.schedtrace.model.Availability;
import io.schedtrace.Tracer;
import io.schedtrace.Tracing;
import io.schedtrace.junit.EnabledIfTracingAvailable;
import io.schedtrace.junit.TraceProcesses;
import org.junit.jupiter.api.Test;

class PipelineTest {
    @Test
    @TraceProcesses
    void shouldAbort(Tracer tracer) {
        tracer.trace();
        throw new AssertionError("there are no capabilities");
    }

    @Test
    @EnabledIfTracingAvailable
    void shouldNotRunEither() {
        throw new AssertionError("there are no capabilities");
    }

    @Test
    void shouldSayWhatIsMissing() {
        Availability availability = Tracing.availability();
        assertEquals(Availability.Reason.NO_CAPABILITY, availability.reason());
        assertTrue(availability.message().contains("CAP_BPF"), availability.message());
    }
}
