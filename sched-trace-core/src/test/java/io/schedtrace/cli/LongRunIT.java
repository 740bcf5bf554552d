package io.schedtrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.export.TraceFile;
import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.TestPrograms;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Trace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run with many processes in a JVM with little memory: spans that have ended are written and forgotten. */
@KernelTest
class LongRunIT {
    private static final int PROCESSES = 40_000;

    @TempDir
    private Path directory;

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void shouldWriteALongRunInBoundedMemory() throws Exception {
        Path file = directory.resolve("storm.trace");
        Path place = directory.resolve("installed");
        Installed installed = Installed.in(place, null);
        Files.writeString(place.resolve("lib/java.args"), "-Xmx64m -XX:+ExitOnOutOfMemoryError");
        List<String> command = installed.commandLine(
                "--format", "json", "-o", file.toString(), "--", TestPrograms.storm(), "forks", "" + PROCESSES);

        Invocation.Result result = Invocation.start(new ProcessBuilder(command)).result();

        assertThat(result).isEqualTo(new Invocation.Result(0, "", ""));
        Trace trace = TraceFile.read(file).trace();
        assertThat(trace.loss().cut()).isNull();
        assertThat(trace.loss().records() + trace.processes().size()).isGreaterThan(PROCESSES);
        assertThat(trace.loss().listenerEvents()).isZero();
        assertThat(trace.roots()).hasSize(1);
        assertThat(trace.processes())
                .filteredOn(process -> process != trace.root())
                .extracting(ProcessSpan::parentSpanId)
                .containsOnly(trace.root().spanId());
    }

    @Test
    void shouldSayThatTheTracerHadTooLittleMemory() throws Exception {
        Path place = directory.resolve("installed");
        Installed installed = Installed.in(place, null);
        Files.writeString(place.resolve("lib/java.args"), "-Xmx5m -XX:+ExitOnOutOfMemoryError");
        List<String> command = installed.commandLine(
                "--format", "json", "-o", directory.resolve("trace").toString(), "--", "sh", "-c", "sleep 1; exit 7");

        Invocation.Result result = Invocation.start(new ProcessBuilder(command)).result();

        assertThat(result.err()).startsWith("sched-trace: the tracer was ended by an error, exit status ");
        assertThat(result.status()).isEqualTo(7);
    }
}
