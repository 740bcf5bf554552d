package io.schedtrace;

import static io.schedtrace.lab.Traces.root;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.schedtrace.internal.backend.bpf.ProbeInternals;
import io.schedtrace.lab.ChildJvm;
import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.SelfReport;
import io.schedtrace.lab.Traces;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tracers from their opening to their end, and what is left of them. */
@KernelTest
@Timeout(300)
class LifecycleIT {
    @TempDir
    Path temp;

    @Test
    void closingTwiceDoesNothing() throws Exception {
        TracedCommand command = Tracer.launch("true");
        command.waitFor();
        command.close();
        Trace trace = command.trace();
        command.close();

        assertThat(trace.isComplete()).isTrue();
        assertThat(command.trace()).isSameAs(trace);
        assertThat(command.awaitTree(Duration.ZERO)).isSameAs(trace);
        assertThat(command.killTree()).isZero();
    }

    @Test
    void aClosedTracerStartsNothing() throws Exception {
        ProcessTreeTracer tracer = ProcessTreeTracer.builder().open();
        tracer.close();
        Path file = temp.resolve("started");

        assertThatThrownBy(() -> tracer.start(new ProcessBuilder("touch", file.toString())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(tracer::enter).isInstanceOf(IllegalStateException.class);
        assertThat(file).doesNotExist();
        assertThat(tracer.processes()).isEmpty();
    }

    @Test
    void closingLeavesARunningTreeAlone() throws Exception {
        Path done = temp.resolve("done");
        TracedCommand command = Tracer.launch("sh", "-c", "sleep 0.3 & wait; echo yes > \"$0\"", done.toString());
        command.close();
        Trace trace = command.trace();

        assertThat(root(trace).running()).isTrue();
        assertThat(root(trace).complete()).isFalse();
        assertThat(root(trace).exit()).isNull();
        assertThat(trace.isComplete()).isFalse();
        assertThat(command.waitFor()).isZero();
        assertThat(Files.readString(done)).isEqualTo("yes\n");
        assertThat(root(command.trace()).running()).isTrue();
    }

    @Test
    void closingWakesWhoWaits() throws Exception {
        TracedCommand command = Tracer.launch("sleep", "60");
        CompletableFuture<Trace> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return command.awaitTree(Traces.LONG);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        TimeUnit.MILLISECONDS.sleep(50);
        command.close();

        assertThat(root(waiting.get(20, TimeUnit.SECONDS)).running()).isTrue();
        command.process().destroyForcibly();
    }

    @Test
    void sessionsDoNotMix() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Callable<Trace>> runs = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String code = "" + i;
            runs.add(() -> Traces.of("sh", "-c", "(exit $0); sleep 0.01; exit $0", code));
        }
        List<Future<Trace>> traces = threads.invokeAll(runs);
        threads.shutdown();

        for (int i = 0; i < 40; i++) {
            Trace trace = traces.get(i).get();
            int code = i;
            assertThat(trace.isComplete()).isTrue();
            assertThat(trace.processes()).hasSize(3);
            assertThat(root(trace).exitCode()).isEqualTo(code);
            assertThat(trace.children(root(trace)).get(0).exitCode()).isEqualTo(code);
            assertThat(trace.processes())
                    .allSatisfy(process -> assertThat(process.traceId()).isEqualTo(trace.traceId()));
        }
    }

    @Test
    void oneSessionMayStartManyCommands() throws Exception {
        try (ProcessTreeTracer one = ProcessTreeTracer.builder().open();
                ProcessTreeTracer other = ProcessTreeTracer.builder().open()) {
            one.start(new ProcessBuilder("true")).waitFor();
            other.start(new ProcessBuilder("sh", "-c", "exit 1")).waitFor();
            one.start(new ProcessBuilder("sh", "-c", "exit 2")).waitFor();

            assertThat(one.trace().roots()).extracting(ProcessSpan::exitCode).containsExactly(0, 2);
            assertThat(other.trace().roots()).extracting(ProcessSpan::exitCode).containsExactly(1);
        }
    }

    /** What a JVM has open, apart from what is not ours: the numbers only count if they grow with each launch. */
    @Test
    void fiveHundredLaunchesLeaveNothingBehind() throws Exception {
        ProbeInternals.load(
                1 << 20); // so that the next probe is a new one, to which no program of other tests is attached yet
        Traces.of("true");
        Map<String, Long> before = resources();
        for (int i = 0; i < 500; i++) {
            assertThat(Traces.of("true").isComplete()).isTrue();
        }
        Map<String, Long> after = resources();
        for (int i = 0; i < 100 && after.get("threads") > before.get("threads") + 5; i++) {
            TimeUnit.MILLISECONDS.sleep(100);
            after = resources();
        }

        assertThat(after.get("bpf")).isEqualTo(before.get("bpf"));
        assertThat(after.get("files")).isLessThan(before.get("files") + 50);
        assertThat(after.get("threads")).isLessThan(before.get("threads") + 20);
        assertThat(after.get("mappings")).isLessThan(before.get("mappings") + 200);
        assertThat(ChildJvm.bpfObjects(ProcessHandle.current().pid())).allMatch(ChildJvm::inKernel);
    }

    private static Map<String, Long> resources() throws IOException {
        Map<String, Long> resources = new HashMap<>();
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"));
                Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            resources.put("files", files.count());
            resources.put("threads", threads.count());
        }
        resources.put("mappings", (long)
                Files.readAllLines(Path.of("/proc/self/maps")).size());
        resources.put(
                "bpf", (long) ChildJvm.bpfObjects(ProcessHandle.current().pid()).size());
        return resources;
    }

    @Test
    void aKilledJvmLeavesTheKernelCleanAndTheTreeAlone() throws Exception {
        Path marker = temp.resolve("marker");
        Process jvm = new ChildJvm().awaitLine("running", SelfReport.class, "run-on", marker.toString());
        List<String> objects = ChildJvm.bpfObjects(jvm.pid());
        List<ProcessHandle> tree = jvm.descendants().toList();
        assertThat(objects).anyMatch(object -> object.startsWith("prog")).allMatch(ChildJvm::inKernel);
        assertThat(tree).isNotEmpty();

        jvm.destroyForcibly().waitFor();
        for (int i = 0; i < 300 && objects.stream().anyMatch(ChildJvm::inKernel); i++) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
        assertThat(objects).noneMatch(ChildJvm::inKernel);
        assertThat(tree.get(0).isAlive()).isTrue();
        Files.writeString(marker, "go on");
        assertThat(ChildJvm.awaitEnd(tree.get(0))).isTrue();
        assertThat(Files.readString(marker)).isEqualTo("done\n");
    }

    @Test
    void twoRingSizesAtOnceAreRefused() throws Exception {
        assertThat(new ChildJvm().lines(RingSizes.class)).contains("refused", "taken", "crossed", "same");
    }

    /** Opens tracers with rings of several sizes. */
    static final class RingSizes {
        public static void main(String[] none) throws Exception {
            ProcessTreeTracer small =
                    ProcessTreeTracer.builder().ringSize(1 << 16).open();
            try {
                ProcessTreeTracer.builder().ringSize(1 << 20).open();
            } catch (IllegalStateException e) {
                System.out.println(e.getMessage().contains("65536") ? "refused" : e.getMessage());
            }
            ProcessTreeTracer.builder().open().close();
            ThreadScope scope = small.enter();
            small.close();
            try (ProcessTreeTracer large =
                    ProcessTreeTracer.builder().ringSize(1 << 20).open()) {
                large.start(new ProcessBuilder("true")).waitFor();
                System.out.println(large.trace().isComplete() ? "taken" : large.trace());
                scope.close();
                System.out.println("crossed");
            }
            try (ProcessTreeTracer same = ProcessTreeTracer.builder().open()) {
                same.start(new ProcessBuilder("true")).waitFor();
                System.out.println(same.trace().isComplete() ? "same" : same.trace());
            }
        }
    }
}
