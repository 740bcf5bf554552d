package io.schedtrace.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.Tracer;
import io.schedtrace.lab.KernelTest;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Trace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Eight classes at once, and one loaded probe. */
@KernelTest
class ParallelTestsIT {
    private static final int REPETITIONS = 12;
    private static final Map<String, String> EIGHT_AT_ONCE = Map.of(
            "junit.jupiter.execution.parallel.enabled", "true",
            "junit.jupiter.execution.parallel.mode.default", "concurrent",
            "junit.jupiter.execution.parallel.mode.classes.default", "concurrent",
            "junit.jupiter.execution.parallel.config.strategy", "fixed",
            "junit.jupiter.execution.parallel.config.fixed.parallelism", "8");

    private static final AtomicInteger AT_ONCE = new AtomicInteger();
    private static final AtomicInteger MOST_AT_ONCE = new AtomicInteger();
    private static final Map<String, Tracer> TRACERS = new ConcurrentHashMap<>();
    private static final Map<String, Integer> PORTS = new ConcurrentHashMap<>();
    private static final Set<Set<String>> PROGRAMS = ConcurrentHashMap.newKeySet();
    private static final ConcurrentLinkedQueue<Tracer> CLASSES = new ConcurrentLinkedQueue<>();

    @TempDir
    Path reports;

    /** Starts processes in every way, all marked with what the test is, and connects to a port of its own. */
    abstract static class Worker {
        private static final AtomicInteger NUMBER = new AtomicInteger();
        private final String id = getClass().getSimpleName() + '-' + NUMBER.incrementAndGet();

        @BeforeAll
        static void beforeAll(Tracer tracer) {
            CLASSES.add(tracer);
            Runs.mark("class");
        }

        @BeforeEach
        void before(Tracer tracer) {
            TRACERS.put(id, tracer);
            MOST_AT_ONCE.accumulateAndGet(AT_ONCE.incrementAndGet(), Math::max);
            Runs.mark(id);
        }

        @AfterEach
        void after() {
            Runs.mark(id);
            AT_ONCE.decrementAndGet();
        }

        @RepeatedTest(REPETITIONS)
        void works(Tracer tracer) throws Exception {
            Runs.mark(id);
            new ProcessBuilder("sh", "-c", "/bin/true " + id + " & (/bin/true " + id + ") & wait", id)
                    .start()
                    .waitFor();
            ExecutorService executor = Executors.newFixedThreadPool(2);
            List<Future<?>> tasks = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                tasks.add(executor.submit(() -> Runs.mark(id)));
            }
            for (Future<?> task : tasks) {
                task.get();
            }
            executor.shutdown();
            tracer.start(new ProcessBuilder("true", id)).waitFor();
            try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                PORTS.put(id, server.getLocalPort());
                new Socket(server.getInetAddress(), server.getLocalPort()).close();
            }
        }
    }

    @TraceProcesses
    static class A extends Worker {}

    @TraceProcesses
    static class B extends Worker {}

    @TraceProcesses
    static class C extends Worker {}

    @TraceProcesses
    static class D extends Worker {}

    @TraceProcesses
    static class E extends Worker {}

    @TraceProcesses
    static class F extends Worker {}

    @TraceProcesses
    static class G extends Worker {}

    @TraceProcesses
    static class H extends Worker {}

    /** Not traced, in between: what it starts must be nowhere. */
    static class Untraced {
        @RepeatedTest(REPETITIONS)
        void works() {
            for (int i = 0; i < 4; i++) {
                Runs.mark("untraced");
            }
            PROGRAMS.add(programs());
        }
    }

    @Test
    void neverSeesTheProcessesOfOthers() {
        TestExecutionSummary summary = Runs.launch(
                reports,
                EIGHT_AT_ONCE,
                A.class,
                B.class,
                C.class,
                D.class,
                E.class,
                F.class,
                G.class,
                H.class,
                Untraced.class);

        assertThat(summary.getFailures()).isEmpty();
        assertThat(summary.getTestsSucceededCount()).isEqualTo(9 * REPETITIONS);
        assertThat(MOST_AT_ONCE).hasValueGreaterThan(2);
        assertThat(TRACERS).hasSize(8 * REPETITIONS).allSatisfy((id, tracer) -> {
            Trace trace = tracer.trace();
            // A socket may outlive its test by a moment: a process that another test forks holds a copy until it execs.
            assertThat(trace.loss().none()).as(trace.toString()).isTrue();
            assertThat(trace.processes()).as(trace.toString()).allMatch(ProcessSpan::complete);
            assertThat(trace.processes())
                    .hasSizeBetween(11, 13)
                    .allSatisfy(process ->
                            assertThat(process.arguments()).as(trace.toString()).contains(id));
            assertThat(trace.processes().stream()
                            .filter(process -> process.name().equals("true"))
                            .filter(process -> !process.execs().isEmpty()))
                    .as(trace.toString())
                    .hasSize(10);
            assertThat(trace.connections())
                    .isNotEmpty()
                    .allSatisfy(connection -> assertThat(List.of(
                                    connection.local().getPort(),
                                    connection.peer().getPort()))
                            .contains(PORTS.get(id)));
        });
        assertThat(CLASSES)
                .hasSize(8)
                .allSatisfy(tracer -> assertThat(Runs.marks(tracer.trace())).containsExactly("class"));
        assertThat(pids()).doesNotHaveDuplicates();
        assertThat(PROGRAMS).as("BPF programs by bpftool").singleElement().satisfies(programs -> {
            assertThat(programs).contains("on_fork", "on_exit", "on_tcp_state", "tag_thread");
        });
    }

    private static List<String> pids() {
        return TRACERS.values().stream()
                .flatMap(tracer -> tracer.trace().processes().stream())
                .map(ProcessSpan::spanId)
                .map(Object::toString)
                .toList();
    }

    /** The BPF programs that this JVM holds, by their ids in proc_pid_fdinfo(5) and the names that bpftool has for them. */
    private static Set<String> programs() {
        Set<String> ids = new HashSet<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fdinfo"))) {
            for (Path descriptor : descriptors.toList()) {
                lines(descriptor).stream()
                        .filter(line -> line.startsWith("prog_id:"))
                        .map(line -> line.substring("prog_id:".length()).trim())
                        .forEach(ids::add);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Set<String> names = new TreeSet<>();
        for (String id : ids) {
            if (!names.add(name(id))) {
                throw new AssertionError("loaded twice: " + name(id));
            }
        }
        return names;
    }

    /** None if the descriptor has been closed meanwhile. */
    private static List<String> lines(Path descriptor) {
        try {
            return Files.readAllLines(descriptor);
        } catch (IOException e) {
            return List.of();
        }
    }

    private static String name(String id) {
        try {
            Process bpftool = new ProcessBuilder("bpftool", "-j", "prog", "show", "id", id).start();
            String json = new String(bpftool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return json.replaceAll(".*\"name\":\"(\\w+)\".*", "$1").trim();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
