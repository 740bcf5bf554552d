package io.schedtrace;

import static io.schedtrace.lab.Traces.root;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.schedtrace.lab.Cgroup;
import io.schedtrace.lab.ChildJvm;
import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.Shortages;
import io.schedtrace.lab.TestPrograms;
import io.schedtrace.lab.Traces;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.Trace;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When something runs out: descriptors, threads, the kernel's memory for tags, processes, memory of the command. */
@KernelTest
@Timeout(300)
public class ShortageIT {
    @BeforeAll
    static void needsRoot() {
        assumeThat(System.getProperty("user.name")).isEqualTo("root");
    }

    private static Map<String, Long> numbers(List<String> lines) {
        return lines.stream()
                .filter(line -> line.matches("[a-z]+ \\d+"))
                .collect(
                        Collectors.toMap(line -> line.split(" ", -1)[0], line -> Long.valueOf(line.split(" ", -1)[1])));
    }

    @Test
    void tooFewFileDescriptorsAreToldInOneLine() {
        List<String> lines = new ChildJvm().under("prlimit", "--nofile=200:200").lines(Shortages.class, "files");

        List<String> told =
                lines.stream().filter(line -> line.startsWith("spare ")).toList();
        assertThat(told)
                .hasSizeGreaterThan(20)
                .allSatisfy(line ->
                        assertThat(line).matches("spare \\d+ there are too few file descriptors left, .*ulimit -n.*"));
        assertThat(lines).contains("at last launched true");
    }

    @Test
    void aFirstLoadWithTooFewFileDescriptorsDoesNotSpoilTheNext() {
        List<String> lines = new ChildJvm().under("prlimit", "--nofile=200:200").lines(Shortages.class, "first files");

        assertThat(lines.stream().filter(line -> line.startsWith("spare ")))
                .hasSize(4)
                .allSatisfy(line -> assertThat(line).contains("there are too few file descriptors left"));
        assertThat(lines).contains("at last launched true");
    }

    /** libbpf finds out what the kernel has by calls that may fail; the 2nd to the 8th are among them. */
    @ParameterizedTest
    @CsvSource({"2, ENOMEM", "4, EMFILE", "6, ENOMEM", "8, ENOMEM"})
    void aProbingCallThatFailsOnceDoesNotSpoilTheNextLoad(int call, String error) {
        List<String> lines = new ChildJvm()
                .under("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=bpf")
                .under("-e", "inject=bpf:error=" + error + ":when=" + call)
                .lines(Shortages.class, "twice");

        assertThat(lines).contains("second null");
    }

    @Test
    void aTreeIsKilledWithAFewFileDescriptors() {
        Map<String, Long> numbers =
                numbers(new ChildJvm().under("prlimit", "--nofile=300:300").lines(Shortages.class, "kill", "40", "6"));

        assertThat(numbers.get("killed")).isEqualTo(40);
        assertThat(numbers.get("spare")).isBetween(6L, 10L);
    }

    @Test
    void tooFewThreadsLeaveNothingBehind() {
        List<String> lines = new ChildJvm().lines(Shortages.class, "threads");

        assertThat(lines).anyMatch(line -> line.matches("spare 0 unable to create native thread.*"));
        assertThat(lines).anyMatch(line -> line.matches("spare 1 unable to create native thread.*"));
        assertThat(lines).contains("at last launched true");
        assertThat(numbers(lines).get("listeners")).isZero();
        assertThat(numbers(lines).get("programs"))
                .isEqualTo(ChildJvm.bpfObjects(ProcessHandle.current().pid()).stream()
                        .filter(object -> object.startsWith("prog"))
                        .distinct()
                        .count());
    }

    /** What cannot be tagged is in the trace by its start, and counted: the kernel has told of every process. */
    @Test
    void processesWithoutMemoryForATagAreCounted() {
        Map<String, Long> numbers =
                numbers(new ChildJvm().lines(Shortages.class, "storage", TestPrograms.storm(), "4000"));

        assertThat(numbers.get("exit")).isZero();
        assertThat(numbers.get("before")).isZero();
        assertThat(numbers.get("untracked")).isPositive();
        assertThat(numbers.get("lost")).isZero();
        assertThat(numbers.get("received")).isEqualTo(numbers.get("made"));
        assertThat(numbers.get("processes")).isEqualTo(4002);
        assertThat(numbers.get("running")).isEqualTo(numbers.get("untracked"));
    }

    /** A process that goes on as a thread without a tag is lost: its end counts as missed, however many threads had no tag. */
    @Test
    void aProcessThatGoesOnAsAThreadWithoutATagIsNotWaitedFor() {
        Map<String, Long> numbers = numbers(new ChildJvm().lines(Shortages.class, "thread storage", "4000"));

        assertThat(numbers.get("exit")).isZero();
        assertThat(numbers.get("before")).isZero();
        assertThat(numbers.get("untracked")).isGreaterThan(1);
        assertThat(numbers.get("ends")).isEqualTo(1);
        assertThat(numbers.get("lost")).isEqualTo(1);
        assertThat(numbers.get("running")).isEqualTo(1);
    }

    private static Trace inNetworkOfItsOwn(String python) throws Exception {
        return Traces.of("unshare", "-n", "sh", "-c", "ip link set lo up && exec /usr/bin/python3 -c \"$0\"", python);
    }

    /** The allowance that storage of a socket counts against is that of its network namespace. */
    @Test
    void connectionsNeedNoMemoryOfTheirSockets() throws Exception {
        String serve = String.join(
                "\n",
                "import socket",
                "open('/proc/sys/net/core/optmem_max', 'w').write('0')",
                "l = socket.create_server(('127.0.0.1', 0))",
                "for i in range(5):",
                " c = socket.create_connection(l.getsockname(), 20)",
                " s = l.accept()[0]",
                " c.sendall(b'x')",
                " assert s.recv(1) == b'x'",
                " c.close()",
                " s.close()");
        Trace trace = inNetworkOfItsOwn(serve);

        assumeThat(root(trace).exitCode()).as("optmem_max is a namespace's own").isZero();
        assertThat(trace.connections()).hasSize(10);
        assertThat(trace.isComplete()).isTrue();
    }

    /** The kernel side has 16,384 slots for sockets; those that find none have storage. */
    @Test
    void moreSocketsThanSlotsAreTraced() throws Exception {
        String hold = String.join(
                "\n",
                "import resource, socket",
                "resource.setrlimit(resource.RLIMIT_NOFILE, (20000, 20000))",
                "l = socket.create_server(('127.0.0.1', 0))",
                "held = []",
                "for i in range(9000):",
                " held.append(socket.create_connection(l.getsockname(), 20))",
                " held.append(l.accept()[0])",
                "for s in held: s.sendall(b'x')",
                "for s in held: assert s.recv(1) == b'x'");
        Trace trace = inNetworkOfItsOwn(hold);

        assertThat(root(trace).exitCode()).isZero();
        assertThat(trace.loss().none()).as(trace.loss().toString()).isTrue();
        assertThat(trace.connections())
                .hasSize(18_000)
                .allSatisfy(connection -> assertThat(connection.complete()).isTrue())
                .allSatisfy(connection -> assertThat(connection.counters().bytesSent()
                                + connection.counters().bytesReceived())
                        .isEqualTo(2))
                .filteredOn(connection -> connection.role() == TcpSpan.Role.SERVER)
                .hasSize(9_000);
    }

    @Test
    void aCommandThatMayNotForkIsSeenToFail() throws Exception {
        try (Cgroup group = Cgroup.pids(10)) {
            Trace trace = Traces.of(group.command(TestPrograms.storm(), "hold", "50"));

            assertThat(root(trace).exitCode()).isEqualTo(98);
            assertThat(trace.processes())
                    .hasSize(10)
                    .allSatisfy(process -> assertThat(process.complete()).isTrue());
            assertThat(trace.isComplete()).isTrue();
        }
    }

    /** Each process forks as fast as it can and goes on when it cannot; the group keeps it from growing. */
    @Test
    void aForkBombIsTracedToItsEnd() throws Exception {
        try (Cgroup group = Cgroup.pids(64);
                TracedCommand bomb = Tracer.launch(Traces.quiet(group.command(TestPrograms.storm(), "bomb", "1")))) {
            bomb.waitFor();
            Trace trace = bomb.awaitTree(Traces.LONG);

            assertThat(trace.processes()).hasSizeGreaterThanOrEqualTo(64);
            assertThat(trace.processes())
                    .allSatisfy(process -> assertThat(process.exitCode()).isZero());
            assertThat(trace.isComplete()).isTrue();
        }
    }

    @Test
    void aForkBombCanBeKilled() throws Exception {
        try (Cgroup group = Cgroup.pids(64);
                ProcessTreeTracer bomb =
                        ProcessTreeTracer.builder().killOnClose(true).open()) {
            bomb.start(Traces.quiet(group.command(TestPrograms.storm(), "bomb", "60")));
            for (int i = 0; i < 500 && group.pids() < 64; i++) {
                Thread.sleep(10);
            }
            assertThat(bomb.killTree()).isGreaterThanOrEqualTo(64);
            Trace trace = bomb.awaitTree(Traces.LONG);

            assertThat(trace.root().exit()).hasToString("SIGKILL");
            assertThat(trace.processes()).noneMatch(ProcessSpan::running);
            assertThat(trace.loss().none()).isTrue();
        }
    }

    @Test
    void theKernelsKillForWantOfMemoryIsSeen() throws Exception {
        try (Cgroup group = Cgroup.memory(48 << 20)) {
            Trace trace = Traces.of(group.command(
                    "/usr/bin/python3", "-c", "x = []\nwhile True: x.append(bytearray(b'x' * (4 << 20)))"));

            assertThat(root(trace).signal()).isEqualTo("SIGKILL");
            assertThat(root(trace).maxRssBytes()).isGreaterThan(16 << 20);
            assertThat(trace.isComplete()).isTrue();
        }
    }
}
