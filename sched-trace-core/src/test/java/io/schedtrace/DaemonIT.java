package io.schedtrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.schedtrace.lab.ChildJvm;
import io.schedtrace.lab.DaemonPlace;
import io.schedtrace.lab.HelperReport;
import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.SelfReport;
import io.schedtrace.lab.TestPrograms;
import io.schedtrace.lab.Traces;
import io.schedtrace.model.Trace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What clients of the daemon get, wherever they run: the trace that root gets, without secrets of others. */
@KernelTest
class DaemonIT {
    private static final int USER = 65534;
    private static final int OTHER_USER = 65533;

    private DaemonPlace place;

    @BeforeEach
    void start() throws Exception {
        assumeThat(System.getProperty("user.name")).isEqualTo("root");
        place = new DaemonPlace();
    }

    @AfterEach
    void stop() {
        if (place != null) {
            place.close();
        }
    }

    private static List<String> trace(ChildJvm jvm, String... command) {
        List<String> arguments = new ArrayList<>(List.of("drow"));
        arguments.addAll(List.of(command));
        return jvm.lines(HelperReport.class, arguments.toArray(String[]::new)).stream()
                .filter(line -> line.matches("(via|process|connection|complete|out|[A-Z_]+:) .*"))
                .toList();
    }

    static Stream<Arguments> places() {
        return Stream.of(
                Arguments.of("an ordinary user", List.of()),
                Arguments.of("no_new_privs", List.of("setpriv", "--no-new-privs")),
                Arguments.of("a user namespace", List.of("unshare", "-Ur")),
                Arguments.of("user and pid namespaces", List.of("unshare", "-Urpf", "--mount-proc")),
                Arguments.of("a user namespace without root", List.of("unshare", "-Uc")),
                Arguments.of("no bpf(2)", List.of("/usr/bin/python3", "-c", DaemonPlace.WITHOUT_BPF)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("places")
    void aTraceEqualsThatOfRoot(String name, List<String> under) throws Exception {
        String[] command = {
            "sh", "-c", "(/bin/echo one; exit 3); curl --noproxy '*' -s http://127.0.0.1:9/; exec /bin/echo end"
        };
        List<String> roots = new ArrayList<>(trace(new ChildJvm(), command));
        List<String> own = new ArrayList<>(trace(place.jvm(USER, under.toArray(String[]::new)), command));

        assertThat(roots.remove("via BPF")).isTrue();
        assertThat(own.remove("via DAEMON")).isTrue();
        assertThat(own)
                .isEqualTo(roots)
                .contains("process echo end exit 0", "complete true")
                .anyMatch(line -> line.startsWith("connection CLIENT /127.0.0.1:9 REFUSED"));
    }

    /**
     * As root of a container with the default profile of an engine: it has few capabilities, and may not use bpf(2).
     */
    @Test
    void rootWithFewCapabilitiesIsServed() throws Exception {
        ChildJvm jvm = new ChildJvm()
                .option("-Dio.schedtrace.daemon=" + place.socket())
                .under("setpriv", "--bounding-set=-all,+chown,+dac_override,+fowner,+setgid,+setuid,+net_raw,+kill")
                .under("/usr/bin/python3", "-c", DaemonPlace.WITHOUT_BPF);
        assertThat(trace(jvm, "sh", "-c", "/bin/echo one; setpriv --reuid=65534 --clear-groups /bin/echo two"))
                .contains("via DAEMON", "process echo one exit 0", "complete true", "out two")
                .doesNotContain("process echo two exit 0");
    }

    @Test
    void programsThatTheUserMayNotReadAreHidden() throws Exception {
        Path directory = TestPrograms.directory();
        TestPrograms.run(new ProcessBuilder(
                "sh",
                "-c",
                "cd \"$0\" && for name in unreadable setuid capable; do cp /bin/true $name; done && chmod 711 unreadable &&"
                        + " chmod 4755 setuid && setcap cap_net_raw+ep capable",
                directory.toString()));
        List<String> lines = trace(
                place.jvm(USER),
                "sh",
                "-c",
                "$0/unreadable; $0/setuid; $0/capable; su -c id </dev/null; unshare -Ur /bin/echo inside; /bin/true",
                directory.toString());

        assertThat(lines.stream().filter(line -> line.startsWith("process ")).skip(1))
                .map(line -> line.replaceFirst("exit \\d+", "exit N"))
                .filteredOn(line -> !line.contains("(fork)"))
                .containsExactly(
                        "process sh (hidden) exit N exe null execs 0",
                        "process sh (hidden) exit N exe null execs 0",
                        "process sh (hidden) exit N exe null execs 0",
                        "process sh (hidden) exit N exe null execs 0",
                        "process echo inside exit N",
                        "process true exit N");
    }

    @Test
    void twoUsersDoNotSeeEachOther() throws Exception {
        Path both = place.temporary().resolve("both");
        Files.createDirectory(both);
        Files.setAttribute(both, "unix:mode", 01777);
        // Each command runs until the other one does, so that both sessions are active at the same time.
        String meet = "touch $0/$1; while ! [ -e $0/$2 ]; do sleep 0.05; done; /bin/echo $1; sleep 0.3";
        Process other = place.jvm(OTHER_USER)
                .builder(HelperReport.class, "drow", "sh", "-c", meet, both.toString(), "theirs", "ours")
                .start();
        List<String> ours = trace(place.jvm(USER), "sh", "-c", meet, both.toString(), "ours", "theirs");
        List<String> theirs =
                new String(other.getInputStream().readAllBytes()).lines().toList();

        assertThat(ours)
                .contains("via DAEMON", "process echo ours exit 0", "complete true")
                .doesNotContain("process echo theirs exit 0");
        assertThat(theirs)
                .contains("via DAEMON", "process echo theirs exit 0", "complete true")
                .doesNotContain("process echo ours exit 0");
    }

    @Test
    void threadsAndTheWholeJvmCanBeTraced() throws Exception {
        assertThat(place.jvm(USER, "/usr/bin/python3", "-c", DaemonPlace.WITHOUT_BPF)
                        .lines(HelperIT.ScopesReport.class))
                .contains("DAEMON [true thread, true jvm]");
    }

    @Test
    void whatTheDaemonCannotDoIsRefused() throws Exception {
        ChildJvm jvm = place.jvm(USER).option("-Dio.schedtrace.via=daemon");
        assertThat(jvm.lines(HelperIT.NamesReport.class))
                .contains(
                        "dns via DAEMON",
                        "the daemon cannot watch getaddrinfo(3); leave getaddrinfo(true) out, or trace as root",
                        "the daemon makes rings of 4 KiB to 16 MiB only; ask for such a ringSize, or trace as root");
    }

    @Test
    void nothingIsAttachedASecondAfterAKill() throws Exception {
        Path marker = place.temporary().resolve("marker");
        Process jvm = place.jvm(USER).awaitLine("running", SelfReport.class, "run-on", marker.toString());
        List<String> objects = place.bpfObjects();
        assertThat(objects).anyMatch(object -> object.startsWith("link ")).allMatch(ChildJvm::inKernel);

        jvm.destroyForcibly().waitFor();
        TimeUnit.SECONDS.sleep(1);
        assertThat(objects).noneMatch(ChildJvm::inKernel);
        Files.createFile(marker);
    }

    /** Traces a process that outlives the daemon. */
    static final class BereftReport {
        public static void main(String[] arguments) throws Exception {
            Path marker = Path.of(arguments[0]);
            try (ProcessTreeTracer tracer = ProcessTreeTracer.builder().open()) {
                Process process = tracer.start(
                        new ProcessBuilder("sh", "-c", "while ! [ -e \"$0\" ]; do sleep 0.1; done", marker.toString()));
                System.out.println("running");
                process.waitFor();
                Trace trace = tracer.awaitTree(Traces.LONG);
                System.out.println(trace.via() + " complete " + trace.isComplete() + " "
                        + trace.loss().describe());
                try {
                    tracer.start(new ProcessBuilder("true"));
                } catch (IllegalStateException e) {
                    System.out.println(e.getMessage());
                }
            }
            System.out.println("closed");
        }
    }

    @Test
    void aSessionThatLosesTheDaemonEndsIncomplete() throws Exception {
        Path marker = place.temporary().resolve("marker");
        Process jvm = place.jvm(USER)
                .option("-Dio.schedtrace.via=daemon")
                .awaitLine("running", BereftReport.class, marker.toString());
        place.kill();
        TimeUnit.MILLISECONDS.sleep(500);
        Files.createFile(marker);

        assertThat(jvm.waitFor(20, TimeUnit.SECONDS)).isTrue();
        List<String> rest =
                new String(jvm.getInputStream().readAllBytes()).lines().toList();
        assertThat(rest)
                .contains("closed")
                .anyMatch(line -> line.startsWith("DAEMON complete false [")
                        && line.contains("the end of the trace (the daemon has stopped)"))
                .anyMatch(line -> line.startsWith("the daemon of sched-trace has stopped: "))
                .filteredOn(line -> line.contains("SEVERE"))
                .hasSize(1);
    }

    @Test
    void nobodyGetsAtMoreThroughTheDaemon() {
        Path attack = TestPrograms.program("daemon_attack", "-I../sched-trace-native/src/main/c");
        List<String> command = new ArrayList<>(List.of(DaemonPlace.as(USER)));
        command.addAll(List.of(attack.toString(), place.socket().toString(), "/bin/su"));

        TestPrograms.Result result = TestPrograms.run(new ProcessBuilder(command));
        assertThat(result.text().replace("Password: ", "")).isEmpty();
        assertThat(result.status()).isZero();
    }
}
