package io.schedtrace;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.lab.KernelTest;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.Trace;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The first examples of the README, as they stand there. */
@KernelTest
@Tag("kernels")
class ReadmeIT {
    @Test
    void tracesAPipeline() throws Exception {
        // tag::launch[]
        try (var t = Tracer.launch("sh", "-c", "ls | wc -l")) {
            int code = t.waitFor(); // of the command
            Trace trace = t.awaitTree(Duration.ofSeconds(5)); // every descendant ended and drained
            System.out.println(trace); // a readable tree
            // end::launch[]

            assertThat(code).isZero();
            assertThat(trace.isComplete()).isTrue();
            assertThat(trace.processes()).extracting(ProcessSpan::name).containsExactlyInAnyOrder("sh", "ls", "wc");
            assertThat(trace.children(trace.roots().get(0)))
                    .extracting(ProcessSpan::name)
                    .containsExactlyInAnyOrder("ls", "wc");
        }
    }

    @Test
    void tracesAClientAndItsServer() throws Exception {
        // tag::builder[]
        try (var t = ProcessTreeTracer.builder().killOnClose(true).open()) {
            t.start(new ProcessBuilder("python3", "-m", "http.server", "47123"));
            t.start(new ProcessBuilder("curl", "-s", "--retry", "9", "--retry-connrefused", "http://localhost:47123/"))
                    .waitFor();
            System.out.println(t.trace()); // both, up to now
            // end::builder[]

            assertThat(t.trace().roots())
                    .extracting(ProcessSpan::name)
                    .satisfiesExactly(
                            server -> assertThat(server).startsWith("python"),
                            client -> assertThat(client).isEqualTo("curl"));
            assertThat(t.trace().connections())
                    .filteredOn(connection -> connection.peerSpanId() != null)
                    .extracting(TcpSpan::peerName)
                    .contains("localhost");
        }
    }
}
