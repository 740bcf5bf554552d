package io.schedtrace;

import static io.schedtrace.lab.Traces.named;
import static io.schedtrace.lab.Traces.root;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.schedtrace.internal.backend.bpf.ProbeInternals;
import io.schedtrace.internal.session.Session;
import io.schedtrace.lab.ChildJvm;
import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.Steady;
import io.schedtrace.lab.TestPrograms;
import io.schedtrace.lab.Traces;
import io.schedtrace.model.Trace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A tracer that is stopped, killed, or one of very many. {@code scripts/faults} runs it with
 * {@code -Dio.schedtrace.faults.times=30}: as many times as long.
 */
@KernelTest
@Timeout(3600)
class FaultsIT {
    private static final int TIMES = Integer.getInteger("io.schedtrace.faults.times", 1);

    @TempDir
    Path temp;

    /** The command stops its tracer, grows its tree, and lets the tracer go on. */
    private static Map<String, Long> stopped(int ring) {
        String script = "kill -STOP $PPID && \"$0\" forks 1500; status=$?; kill -CONT $PPID; exit $status";
        return new ChildJvm()
                .lines(Stopped.class, "" + ring, "sh", "-c", script, TestPrograms.storm()).stream()
                        .filter(line -> line.matches("[a-z]+ \\d+"))
                        .collect(Collectors.toMap(
                                line -> line.split(" ", -1)[0], line -> Long.valueOf(line.split(" ", -1)[1])));
    }

    @Test
    void aStoppedJvmLosesNothingThatTheRingHolds() {
        Map<String, Long> numbers = stopped(ProbeInternals.DEFAULT_SIZE);

        assertThat(numbers).containsEntry("exit", 0L).containsEntry("lost", 0L);
        assertThat(numbers).containsEntry("processes", 1502L).containsEntry("incomplete", 0L);
        assertThat(numbers.get("received")).isEqualTo(numbers.get("made"));
    }

    @Test
    void aStoppedJvmKnowsWhatTheRingDidNotHold() {
        Map<String, Long> numbers = stopped(1 << 16);

        assertThat(numbers).containsEntry("exit", 0L);
        assertThat(numbers.get("lost")).isPositive();
        assertThat(numbers.get("received") + numbers.get("lost")).isEqualTo(numbers.get("made"));
    }

    /** Each time at another moment, with sessions being opened and closed; the seed is in the failure. */
    @Test
    void aJvmKilledAtAnyMomentLeavesTheKernelCleanAndTheTreeAlone() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 4 * TIMES; round++) {
            Path marker = temp.resolve("marker" + round);
            Path done = temp.resolve("done" + round);
            Process jvm = new ChildJvm().awaitLine("running", Killed.class, marker.toString(), done.toString());
            List<String> objects = ChildJvm.bpfObjects(jvm.pid());
            TimeUnit.MICROSECONDS.sleep(random.nextInt(500_000));
            jvm.destroyForcibly().waitFor();

            for (int i = 0; i < 300 && objects.stream().anyMatch(ChildJvm::inKernel); i++) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
            assertThat(objects).as("seed %d round %d", seed, round).isNotEmpty().noneMatch(ChildJvm::inKernel);
            Files.writeString(marker, "go on");
            for (int i = 0; i < 600 && !Files.exists(done); i++) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
            assertThat(done).as("seed %d round %d", seed, round).exists();
        }
    }

    @Test
    void sixtyFourSessionsAtOnceKnowTheirOwn() throws Exception {
        List<ProcessTreeTracer> tracers = new ArrayList<>();
        List<Process> commands = new ArrayList<>();
        try {
            for (int i = 0; i < 64; i++) {
                tracers.add(ProcessTreeTracer.builder().open());
            }
            for (int i = 0; i < 64; i++) {
                commands.add(tracers.get(i).start(Traces.quiet("sh", "-c", "(exit $0); sleep 0.1; exit $0", "" + i)));
            }
            for (int i = 0; i < 64; i++) {
                Trace trace = tracers.get(i).awaitTree(Traces.LONG);
                assertThat(trace.isComplete()).isTrue();
                assertThat(root(trace).pid()).isEqualTo(commands.get(i).pid());
                assertThat(trace.processes()).hasSize(3);
                assertThat(root(trace).exitCode()).isEqualTo(i);
                assertThat(trace.children(root(trace)).get(0).exitCode()).isEqualTo(i);
            }
        } finally {
            tracers.forEach(ProcessTreeTracer::close);
        }
    }

    /** Ten sessions a second; the first quarter warms up. */
    @Test
    void sessionAfterSessionNothingGrows() {
        List<String> lines = new ChildJvm()
                .option("-Xmx64m")
                .option("-Xms64m")
                .option("-XX:+AlwaysPreTouch")
                .run(Steady.class, "" + 20 * TIMES)
                .text()
                .lines()
                .toList();
        lines.forEach(System.out::println);

        Map<String, Long> first = Steady.numbers(lines.get(lines.size() - 2));
        Map<String, Long> last = Steady.numbers(lines.get(lines.size() - 1));
        assertThat(last.get("files")).isLessThanOrEqualTo(first.get("files") + 4);
        assertThat(last.get("threads")).isLessThanOrEqualTo(first.get("threads") + 4);
        assertThat(last.get("objects")).isEqualTo(first.get("objects"));
        assertThat(last.get("kilobytes")).isLessThan(first.get("kilobytes") + 8 * 1024);
    }

    /** The kernel's records know nothing of the clock that the process sees. */
    @Test
    void aCommandWhoseClocksAreAheadHasTheTimesOfThisMachine() throws Exception {
        assumeThat(System.getProperty("user.name")).isEqualTo("root");
        Instant before = Instant.now();
        Trace trace = Traces.of(
                "unshare",
                "-T",
                "--monotonic",
                "86400",
                "--boottime",
                "86400",
                "-f",
                "sh",
                "-c",
                "sleep 0.2; (exit 3)");

        assertThat(trace.isComplete()).isTrue();
        assertThat(trace.processes()).allSatisfy(process -> {
            assertThat(process.startTime()).isBetween(before.minusMillis(5), Instant.now());
            assertThat(process.duration()).isLessThan(Duration.ofMinutes(1));
        });
        assertThat(named(trace, "sleep").duration()).isBetween(Duration.ofMillis(200), Duration.ofSeconds(30));
    }

    /** {@code RING COMMAND...}: traces it, and prints what came of it. */
    static final class Stopped {
        public static void main(String[] arguments) throws Exception {
            try (ProcessTreeTracer tracer = ProcessTreeTracer.builder()
                    .ringSize(Integer.parseInt(arguments[0]))
                    .open()) {
                ProcessBuilder builder = Traces.quiet(
                        List.of(arguments).subList(1, arguments.length).toArray(String[]::new));
                builder.environment().clear();
                System.out.println("exit " + tracer.start(builder).waitFor());
                Trace trace = tracer.awaitTree(Traces.LONG);
                Session session = tracer.session();
                System.out.println("made " + ProbeInternals.made(session));
                System.out.println("received " + session.received());
                System.out.println("lost " + trace.loss().records());
                System.out.println("processes " + trace.processes().size());
                System.out.println("incomplete "
                        + trace.processes().stream()
                                .filter(process -> !process.complete())
                                .count());
            }
        }
    }

    /** {@code MARKER DONE}: a command that waits for the one file and makes the other, and launches until it is killed. */
    static final class Killed {
        public static void main(String[] files) throws Exception {
            Tracer.launch("sh", "-c", "while [ ! -e \"$0\" ]; do sleep 0.05; done; echo > \"$1\"", files[0], files[1]);
            System.out.println("running");
            while (true) {
                Traces.of("sh", "-c", "true; (exit 3)");
            }
        }
    }
}
