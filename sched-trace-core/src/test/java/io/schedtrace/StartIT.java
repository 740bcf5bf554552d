package io.schedtrace;

import static io.schedtrace.lab.Traces.root;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.schedtrace.lab.ChildJvm;
import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.TestPrograms;
import io.schedtrace.lab.Traces;
import io.schedtrace.model.Exec;
import io.schedtrace.model.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How commands are started, and what becomes of those that cannot be. */
@KernelTest
@Timeout(300)
class StartIT {
    @TempDir
    Path temp;

    @Test
    void aCommandThatCannotBeStartedIsNoSpan() throws Exception {
        assertThatThrownBy(() -> Tracer.launch("/nonexistent/program"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("/nonexistent/program");
        try (ProcessTreeTracer tracer = ProcessTreeTracer.builder().open()) {
            ProcessBuilder builder = new ProcessBuilder(temp.toString());
            assertThatThrownBy(() -> tracer.start(builder)).isInstanceOf(IOException.class);
            assertThatThrownBy(
                            () -> tracer.start(new ProcessBuilder("true").directory(new java.io.File("/nonexistent"))))
                    .isInstanceOf(IOException.class);
            assertThat(builder.environment()).isEqualTo(System.getenv());
            assertThat(tracer.start(new ProcessBuilder("true")).waitFor()).isZero();

            Trace trace = tracer.awaitTree(Traces.LONG);
            assertThat(trace.processes()).hasSize(1);
            assertThat(root(trace).arguments()).containsExactly("true");
        }
    }

    /** The JDK has other ways to start a process, without its helper. */
    @Test
    void eachWayOfTheJdkToStartAProcessIsFollowed() {
        for (String way : List.of("POSIX_SPAWN", "VFORK", "FORK")) {
            ChildJvm jvm = new ChildJvm().option("-Djdk.lang.Process.launchMechanism=" + way);
            TestPrograms.Result result = jvm.run(Unstartable.class);
            if (way.equals("POSIX_SPAWN") || result.status() == 0) {
                assertThat(result.text()).as(way).endsWith("1 [[true]] true\n");
            }
        }
    }

    /** Tries to start what is not there, and then starts what is. */
    static final class Unstartable {
        public static void main(String[] none) throws Exception {
            try (ProcessTreeTracer tracer = ProcessTreeTracer.builder().open()) {
                try {
                    tracer.start(new ProcessBuilder("/nonexistent/program"));
                } catch (IOException e) {
                    tracer.start(new ProcessBuilder("true")).waitFor();
                }
                Trace trace = tracer.awaitTree(Traces.LONG);
                System.out.println(trace.processes().size() + " "
                        + trace.processes().stream()
                                .flatMap(process -> process.execs().stream().map(Exec::arguments))
                                .toList()
                        + " " + trace.isComplete());
            }
        }
    }

    @Test
    void traceparentReachesTheChildAndOnlyTheChild() throws Exception {
        Path out = temp.resolve("out");
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", "echo $TRACEPARENT").redirectOutput(out.toFile());
        Map<String, String> before = Map.copyOf(builder.environment());
        Trace trace = Traces.of(builder);

        assertThat(Files.readString(out).trim())
                .isEqualTo("00-" + trace.traceId() + "-" + root(trace).spanId() + "-01");
        assertThat(builder.environment()).isEqualTo(before);
    }

    @Test
    void aGivenTraceparentIsLeftAlone() throws Exception {
        Path out = temp.resolve("out");
        String given = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", "echo $TRACEPARENT").redirectOutput(out.toFile());
        builder.environment().put("TRACEPARENT", given);
        Traces.of(builder);

        assertThat(Files.readString(out).trim()).isEqualTo(given);
        assertThat(builder.environment()).containsEntry("TRACEPARENT", given);
    }

    @Test
    void aVirtualThreadMayStartAProcess() throws Exception {
        assumeThat(Runtime.version().feature()).isGreaterThanOrEqualTo(21);
        FutureTask<Trace> task = new FutureTask<>(() -> Traces.of("sh", "-c", "(exit 3); true"));
        Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);

        Trace trace = task.get(60, TimeUnit.SECONDS);
        assertThat(trace.isComplete()).isTrue();
        assertThat(trace.processes()).hasSize(2);
    }
}
