package io.schedtrace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The first example of the README, as it stands there. */
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
}
