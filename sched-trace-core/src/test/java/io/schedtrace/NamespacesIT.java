package io.schedtrace;

import static io.schedtrace.lab.Traces.named;
import static io.schedtrace.lab.Traces.root;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.lab.ChildJvm;
import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.SelfReport;
import io.schedtrace.lab.TestPrograms;
import io.schedtrace.lab.Traces;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Trace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Inside and outside of pid, mount, user and time namespaces. */
@KernelTest
class NamespacesIT {
    @TempDir
    Path temp;

    private static String value(List<String> lines, String key) {
        return lines.stream()
                .filter(line -> line.startsWith(key + " "))
                .map(line -> line.substring(key.length() + 1))
                .findFirst()
                .orElseThrow(() -> new AssertionError(key + " in " + lines));
    }

    private static List<String[]> processes(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith("process "))
                .map(line -> line.split(" ", -1))
                .toList();
    }

    @Test
    @Tag("kernels")
    void insideAPidNamespaceThePidIsThatOfProcessHandle() {
        List<String> lines = new ChildJvm()
                .under("unshare", "-p", "-f", "--mount-proc")
                .lines(SelfReport.class, "launch", "sh", "-c", "echo $$; sh -c 'echo $$; exit 3'; exit 4");

        List<String[]> processes = processes(lines);
        assertThat(value(lines, "self")).isEqualTo("1");
        assertThat(processes).hasSize(2);
        assertThat(processes.get(0)[1]).isEqualTo(value(lines, "child")).isEqualTo(value(lines, "out"));
        assertThat(processes.get(0)[3]).isEqualTo("1");
        assertThat(processes.get(1)[3]).isEqualTo(value(lines, "child"));
        assertThat(lines).contains("out " + processes.get(1)[1], "complete true");
        assertThat(processes).allSatisfy(process -> assertThat(process[2]).isNotEqualTo(process[1]));
        assertThat(processes.get(0)[4]).isEqualTo("" + (4 << 8));
    }

    @Test
    @Tag("kernels")
    void fromOutsideThePidIsTheInnermostAndTheHostPidTheKernels() throws Exception {
        Path out = temp.resolve("out");
        Trace trace = Traces.of(new ProcessBuilder(
                        "unshare",
                        "-p",
                        "-f",
                        "--mount-proc",
                        "sh",
                        "-c",
                        "echo $$; (exit 5); sed -n 's/^NSpid:.//p' /proc/self/status; :")
                .redirectOutput(out.toFile()));

        ProcessSpan shell = named(trace, "sh");
        assertThat(Files.readAllLines(out).get(0)).isEqualTo("1");
        assertThat(shell.pid()).isEqualTo(1);
        assertThat(shell.hostPid()).isGreaterThan(1);
        assertThat(shell.ppid()).isNull();
        assertThat(root(trace).hostPid()).isEqualTo(root(trace).pid());
        assertThat(trace.children(shell)).hasSize(2).allSatisfy(child -> {
            assertThat(child.ppid()).isEqualTo(1);
            assertThat(child.pid()).isLessThan(10);
            assertThat(child.hostPid()).isGreaterThan(shell.hostPid());
        });
        assertThat(trace.isComplete()).isTrue();
    }

    @Test
    @Tag("kernels")
    void aTreeInsideAPidNamespaceCanBeKilledFromOutside() throws Exception {
        try (TracedCommand command =
                Tracer.launch("unshare", "-p", "-f", "--mount-proc", "sh", "-c", "sleep 60 & echo up; wait")) {
            assertThat(command.process().inputReader().readLine()).isEqualTo("up");
            assertThat(command.killTree()).isBetween(1, 3);
            Trace trace = command.awaitTree(Traces.LONG);
            assertThat(named(trace, "sleep").signal()).isEqualTo("SIGKILL");
            assertThat(named(trace, "sh").signal()).isEqualTo("SIGKILL");
        }
    }

    @Test
    void insideAPidNamespaceATreeCanBeKilled() {
        List<String> lines = new ChildJvm()
                .under("unshare", "-p", "-f", "--mount-proc")
                .lines(KillReport.class, "sh", "-c", "unshare -p -f sleep 60 & sleep 60 & echo up; wait");

        assertThat(lines).contains("killed 4", "left 0");
    }

    @Test
    @Tag("kernels")
    void aPathIsThatOfTheProcessInItsChangedRoot() throws Exception {
        TestPrograms.copy(TestPrograms.program("brief", "-static").toString(), temp.resolve("root/bin/brief"));
        Trace trace = Traces.of("chroot", temp.resolve("root").toString(), "/bin/brief", "a");

        assertThat(root(trace).exitCode()).isEqualTo(21);
        assertThat(root(trace).exe()).isEqualTo("/bin/brief");
        assertThat(root(trace).execs().get(1).filename()).isEqualTo("/bin/brief");
    }

    /** A path crosses mounts; in a mount namespace it is that of the namespace. */
    @Test
    @Tag("kernels")
    void aMountIsPartOfThePath() throws Exception {
        Path brief = TestPrograms.copy(
                TestPrograms.program("brief", "-static").toString(),
                temp.toRealPath().resolve("from/bin/brief"));
        Path there = Files.createDirectories(temp.toRealPath().resolve("to/there"));
        Trace trace = Traces.of(
                "unshare",
                "-m",
                "sh",
                "-c",
                "mount --bind \"$0\" \"$1\" && mount -t tmpfs none \"$0\" && exec \"$1/bin/brief\"",
                brief.getParent().getParent().toString(),
                there.toString());

        assertThat(root(trace).exitCode()).isEqualTo(21);
        assertThat(root(trace).exe()).isEqualTo(there.resolve("bin/brief").toString());
    }

    /** The JDK's helper is found by its own path there, which is not the kernel's. */
    @Test
    void insideAChangedRootTheTreeIsTheSame() {
        List<String> lines = new ChildJvm()
                .under(
                        "unshare",
                        "-m",
                        "sh",
                        "-c",
                        "mount --rbind / \"$0\" && exec chroot \"$0\" \"$@\"",
                        temp.toString())
                .lines(SelfReport.class, "launch", "sh", "-c", "true");

        assertThat(processes(lines)).hasSize(1);
        assertThat(processes(lines).get(0)[5]).isEqualTo("1");
    }

    @Test
    void inATimeNamespaceTheWallClockIsRight() throws Exception {
        Instant before = Instant.now();
        List<String> lines = new ChildJvm()
                .under("unshare", "-T", "--monotonic", "86400", "-f")
                .lines(ClockReport.class);

        Instant start = Instant.parse(value(lines, "start"));
        assertThat(start).isBetween(before, Instant.now());
        assertThat(Duration.parse(value(lines, "running"))).isBetween(Duration.ZERO, Duration.ofMinutes(5));
        assertThat(Instant.parse(value(lines, "session"))).isBetween(before, start);
        assertThat(Instant.parse(value(lines, "closed"))).isBetween(start, Instant.now());
    }

    /** {@link KillReport}: starts a command, waits for a line of it, kills the tree. */
    static final class KillReport {
        public static void main(String[] command) throws Exception {
            try (TracedCommand traced = Tracer.launch(command)) {
                traced.process().inputReader().readLine();
                Thread.sleep(200);
                System.out.println("killed " + traced.killTree());
                System.out.println("left "
                        + traced.processes().stream()
                                .filter(ProcessSpan::running)
                                .count());
            }
        }
    }

    /** {@link ClockReport}: when a session began and ended, a process in it started, and for how long it has been running. */
    static final class ClockReport {
        public static void main(String[] none) throws Exception {
            ProcessTreeTracer traced = ProcessTreeTracer.builder()
                    .sessionName("all")
                    .killOnClose(true)
                    .open();
            try (traced) {
                traced.start(Traces.quiet("sleep", "60"));
                ProcessSpan sleep = traced.trace().root();
                System.out.println("start " + sleep.startTime());
                System.out.println("running " + sleep.duration());
            }
            System.out.println("session " + traced.trace().session().startTime());
            System.out.println("closed " + traced.trace().session().endTime());
        }
    }
}
