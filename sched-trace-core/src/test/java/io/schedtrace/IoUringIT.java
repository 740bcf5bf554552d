package io.schedtrace;

import static io.schedtrace.lab.Observed.assertPeers;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.Observed;
import io.schedtrace.lab.Snippet;
import io.schedtrace.lab.TestPrograms;
import io.schedtrace.model.Loss;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.TcpSpan.Outcome;
import io.schedtrace.model.Trace;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes that leave their work to threads of the kernel, by io_uring(7): no fork tells of these. */
@KernelTest
@Tag("kernels")
class IoUringIT {
    @ParameterizedTest
    @ValueSource(strings = {"async", "sqpoll"})
    void shouldGiveConnectionsToTheProcessWhoseThreadOfTheKernelMakesThem(String mode) throws Exception {
        try (Snippet snippet =
                Snippet.command(List.of(TestPrograms.program("uring").toString(), mode))) {
            Observed seen = snippet.finish();

            ProcessSpan process = seen.trace().processes().get(0);
            assertThat(seen.trace().processes()).hasSize(1);
            assertThat(process.threads()).isEqualTo(1);
            assertThat(seen.trace().connections())
                    .hasSize(2)
                    .allSatisfy(end -> assertThat(end.processSpanId()).isEqualTo(process.spanId()))
                    .allSatisfy(end -> assertThat(end.outcome()).isEqualTo(Outcome.CLOSED));
            assertThat(seen.client().counters().bytesSent()).isEqualTo(100);
            assertThat(seen.server().counters().bytesReceived()).isEqualTo(100);
            assertPeers(seen.client(), seen.server());
            assertThat(seen.trace().isComplete()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"async", "sqpoll"})
    void shouldSeeTheEndOfAProcessWhoseLastThreadIsOfTheKernel(String mode) throws Exception {
        String often = "i=0; while [ $i -lt 200 ]; do \"$@\" || exit 1; i=$((i+1)); done";
        try (Snippet snippet = Snippet.command(List.of(
                "/bin/sh", "-c", often, "sh", TestPrograms.program("uring").toString(), mode))) {
            Trace trace = snippet.finish().trace();

            assertThat(trace.processes()).hasSize(201);
            assertThat(trace.processes())
                    .allSatisfy(process -> assertThat(process.exitCode()).isZero());
            assertThat(trace.loss()).isEqualTo(Loss.NONE);
            assertThat(trace.isComplete()).isTrue();
        }
    }
}
