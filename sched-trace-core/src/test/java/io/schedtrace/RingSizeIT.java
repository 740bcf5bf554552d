package io.schedtrace;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.lab.KernelTest;
import io.schedtrace.model.Loss;
import org.junit.jupiter.api.Test;

@KernelTest
class RingSizeIT {
    @Test
    void shouldForgetTheRingOfATracerThatIsClosed() throws Exception {
        try (ProcessTreeTracer small =
                ProcessTreeTracer.builder().ringSize(4096).open()) {
            assertThat(small.trace().loss().none()).isTrue();
        }
        try (ProcessTreeTracer usual = ProcessTreeTracer.builder().open()) {
            Process process = usual.start(new ProcessBuilder("true", "x".repeat(50_000)));
            process.waitFor();
            assertThat(usual.trace().loss()).isEqualTo(Loss.NONE);
        }
    }

    /** The programs for DNS are detached a second after the last session that wanted them, from a probe that may be gone. */
    @Test
    void shouldDetachNothingFromAProbeThatIsUnloaded() throws Exception {
        ProcessTreeTracer.builder().dns(true).ringSize(4096).open().close();
        ProcessTreeTracer.builder().ringSize(1 << 20).open().close();
        Thread.sleep(1500);
        assertThat(Tracing.availability().available()).isTrue();
    }
}
