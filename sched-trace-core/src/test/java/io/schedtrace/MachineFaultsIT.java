package io.schedtrace;

import static io.schedtrace.lab.Traces.root;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.TestPrograms;
import io.schedtrace.lab.Traces;
import io.schedtrace.model.Loss;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Trace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What changes the whole machine under a trace; {@code scripts/kernels} does it to guests. */
@KernelTest
@Tag("kernels")
@EnabledIfSystemProperty(
        named = "io.schedtrace.test.guest",
        matches = "true",
        disabledReason = "changes the whole machine: for a guest of scripts/kernels")
class MachineFaultsIT {
    private static final Path PROCESSOR = Path.of("/sys/devices/system/cpu/cpu1/online");
    private static final Duration STEP = Duration.ofHours(5);

    @Test
    void aProcessorThatGoesTakesNoRecordWithIt() throws Exception {
        try (TracedCommand storm = Tracer.launch(Traces.quiet(TestPrograms.storm(), "forks", "3000"))) {
            for (int i = 0; i < 3; i++) {
                Files.writeString(PROCESSOR, "0");
                TimeUnit.MILLISECONDS.sleep(200);
                Files.writeString(PROCESSOR, "1");
                TimeUnit.MILLISECONDS.sleep(200);
            }
            assertThat(storm.waitFor()).isZero();
            Trace trace = storm.awaitTree(Traces.LONG);
            assertThat(trace.loss()).isEqualTo(Loss.NONE);
            assertThat(trace.processes()).hasSize(3001);
            assertThat(trace.isComplete()).isTrue();
        } finally {
            Files.writeString(PROCESSOR, "1");
        }
    }

    /** Times of one trace stay on the clock that it began with: what took a second takes a second. The next has the new one. */
    @Test
    void aClockThatIsSteppedTearsNoTraceApart() throws Exception {
        Instant before = Instant.now();
        try (TracedCommand command = Tracer.launch("sh", "-c", "true; read line; true")) {
            step(STEP);
            command.process().outputWriter().append("go on\n").close();
            assertThat(command.waitFor()).isZero();
            Trace trace = command.awaitTree(Traces.LONG);
            ProcessSpan shell = root(trace);

            assertThat(Duration.between(before, Instant.now())).isGreaterThan(STEP.dividedBy(2));
            assertThat(trace.isComplete()).isTrue();
            assertThat(shell.startTime()).isBetween(before.minusMillis(5), before.plus(STEP.dividedBy(2)));
            assertThat(shell.duration()).isLessThan(STEP.dividedBy(2));
            assertThat(shell.endTime()).isEqualTo(shell.startTime().plus(shell.duration()));

            Instant later = Instant.now();
            assertThat(root(Traces.of("true")).startTime()).isBetween(later.minusMillis(5), Instant.now());
        } finally {
            step(STEP.negated());
        }
    }

    private static void step(Duration by) throws Exception {
        String time = "@" + Instant.now().plus(by).getEpochSecond();
        assertThat(new ProcessBuilder("date", "-s", time).start().waitFor()).isZero();
    }
}
