package io.schedtrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.schedtrace.lab.ChildJvm;
import io.schedtrace.lab.DaemonPlace;
import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.SelfReport;
import io.schedtrace.lab.TestPrograms;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Who may trace, and what the others are told: in JVMs of their own, by a launch and by {@link Tracing#availability()}.
 */
@KernelTest
class PrivilegesIT {
    private static final String NOBODY = "65534";

    private static Path directory;

    @BeforeAll
    static void makeADirectoryForAll() throws Exception {
        assumeThat(System.getProperty("user.name")).isEqualTo("root");
        directory = TestPrograms.directory();
        Files.setAttribute(directory, "unix:mode", 01777);
    }

    private static ChildJvm asNobody(String capabilities) throws Exception {
        return new ChildJvm()
                .readableByAll()
                .option("-Djava.io.tmpdir=" + directory)
                .under("env", "-C", "/", "setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups")
                .under(
                        "--bounding-set=-all,+bpf,+perfmon,+setuid",
                        "--inh-caps=" + capabilities,
                        "--ambient-caps=" + capabilities)
                .under("--no-new-privs");
    }

    /** Nothing may have been started: the command would leave a file. */
    private static void assertRefused(ChildJvm jvm, String reason, String... words) {
        Path started = directory.resolve("started");
        String launched = message(jvm.lines(SelfReport.class, "launch", "touch", started.toString()));
        String told = message(jvm.lines(SelfReport.class, "availability"));

        assertThat(launched).isEqualTo(told).startsWith(reason + ": ").contains(words);
        assertThat(started).doesNotExist();
    }

    /** Without HotSpot's own warnings, and the random part of a temporary directory. */
    private static String message(List<String> lines) {
        return lines.stream()
                .filter(line -> !line.matches("OpenJDK .* warning: .*|It's highly recommended .*"))
                .collect(Collectors.joining("\n"))
                .replaceAll("sched-trace-[0-9]+", "sched-trace-N");
    }

    @Test
    @Tag("kernels")
    void anOrdinaryUserWithTwoCapabilitiesCanTrace() throws Exception {
        List<String> lines =
                asNobody("+bpf,+perfmon").lines(SelfReport.class, "launch", "sh", "-c", "id -u; (exit 3); true");

        assertThat(lines).contains("out " + NOBODY, "complete true");
        assertThat(lines.stream().filter(line -> line.startsWith("process ")))
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).endsWith(" " + NOBODY));
    }

    @Test
    void anOrdinaryUserWithTwoCapabilitiesCanKillItsTree() throws Exception {
        assertThat(asNobody("+bpf,+perfmon")
                        .lines(NamespacesIT.KillReport.class, "sh", "-c", "sleep 60 & echo up; wait"))
                .contains("killed 2", "left 0");
    }

    /** The shell and one sleep are its user's, the other one is not. */
    @Test
    void whatAUserMayNotKillIsLeft() throws Exception {
        assertThat(asNobody("+bpf,+perfmon,+setuid")
                        .lines(
                                NamespacesIT.KillReport.class,
                                "sh",
                                "-c",
                                "sleep 60 & setpriv --reuid=1 --ambient-caps=-all --inh-caps=-all sleep 30 & sleep 0.5;"
                                        + " echo up; wait"))
                .contains("killed 2", "left 1");
    }

    @Test
    void anOrdinaryUserWithoutThemIsToldSo() throws Exception {
        assertRefused(asNobody("-all"), "NO_CAPABILITY", "CAP_BPF", "CAP_PERFMON", "setpriv");
        assertRefused(asNobody("+bpf"), "NO_CAPABILITY", "the capability CAP_PERFMON is missing", "setpriv");
        assertRefused(asNobody("+perfmon"), "NO_CAPABILITY", "the capability CAP_BPF is missing", "setpriv");
    }

    /** All capabilities of a user namespace are none of the kernel's. */
    @Test
    void rootOfAUserNamespaceIsToldSo() throws Exception {
        ChildJvm jvm = new ChildJvm()
                .readableByAll()
                .under(
                        "setpriv",
                        "--reuid=" + NOBODY,
                        "--regid=" + NOBODY,
                        "--clear-groups",
                        "unshare",
                        "--user",
                        "--map-root-user");
        assumeThat(TestPrograms.run(new ProcessBuilder(
                                "setpriv",
                                "--reuid=" + NOBODY,
                                "--regid=" + NOBODY,
                                "--clear-groups",
                                "unshare",
                                "--user",
                                "--map-root-user",
                                "true"))
                        .status())
                .isZero();

        assertRefused(jvm, "NO_CAPABILITY", "CAP_BPF", "CAP_PERFMON", "user namespace");
    }

    @Test
    void aNamedLibraryIsTheOnlyOne() {
        assertRefused(
                new ChildJvm().option("-Dio.schedtrace.library=/nonexistent/libschedtrace.so"),
                "LIBRARY_MISSING",
                "/nonexistent/libschedtrace.so",
                "io.schedtrace.library");
        assertRefused(new ChildJvm().option("-Dio.schedtrace.library="), "LIBRARY_MISSING", "io.schedtrace.library");
    }

    @Test
    void aFileThatIsNoLibraryIsToldSo() throws Exception {
        Path text = Files.writeString(directory.resolve("text.so"), "not a library");

        assertRefused(new ChildJvm().option("-Dio.schedtrace.library=" + text), "LIBRARY_MISSING", text.toString());
    }

    @Test
    void anotherArchitectureHasNoLibrary() {
        assertRefused(
                new ChildJvm().option("-Dos.arch=sparc"), "LIBRARY_MISSING", "linux-sparc", "io.schedtrace.library");
    }

    @Test
    void aDirectoryThatMayNotRunProgramsIsToldSo() {
        assertRefused(
                new ChildJvm()
                        .option("-Djava.io.tmpdir=" + directory)
                        .under(
                                "unshare",
                                "-m",
                                "sh",
                                "-c",
                                "mount -t tmpfs -o noexec none \"$0\" && exec \"$@\"",
                                directory.toString()),
                "LIBRARY_MISSING",
                "noexec");
    }

    /** Nothing else needs to be unpacked: a tree can be killed too. */
    @Test
    void aNamedLibraryNeedsNoTemporaryDirectory() throws Exception {
        Path library = directory.resolve("libschedtrace.so");
        String resource = "META-INF/native/linux-"
                + (System.getProperty("os.arch").equals("amd64") ? "x86_64" : "aarch64") + "/libschedtrace.so";
        try (InputStream in = SelfReport.class.getClassLoader().getResourceAsStream(resource)) {
            Files.copy(in, library);
        }
        assertThat(new ChildJvm()
                        .option("-Dio.schedtrace.library=" + library)
                        .option("-Djava.io.tmpdir=/nonexistent")
                        .lines(NamespacesIT.KillReport.class, "sh", "-c", "sleep 60 & echo up; wait"))
                .contains("killed 2", "left 0");
    }

    @Test
    void aRelativeTemporaryDirectoryServes() throws Exception {
        assertThat(new ChildJvm()
                        .option("-Djava.io.tmpdir=" + directory.getFileName())
                        .under("env", "-C", directory.getParent().toString())
                        .lines(SelfReport.class, "availability"))
                .contains("null: tracing is available");
    }

    @Test
    void aTemporaryDirectoryThatTheLocaleCannotNameIsToldSo() {
        String utf8 = "export JAVA_TOOL_OPTIONS=\"-Djava.io.tmpdir=$(printf '/tmp/\\303\\251')\"; exec \"$@\"";
        assertThat(new ChildJvm()
                        .under("env", "LC_ALL=C", "sh", "-c", utf8, "sh")
                        .lines(SelfReport.class, "availability"))
                .anySatisfy(line -> assertThat(line)
                        .startsWith("LIBRARY_MISSING: ")
                        .contains("java.io.tmpdir", "charset of the locale", "C.UTF-8"));
    }

    @Test
    void aJvmThatForbidsNativeLibrariesIsToldSo() {
        assumeThat(Runtime.version().feature()).isGreaterThanOrEqualTo(24);
        assertRefused(new ChildJvm().withoutNativeAccess(), "LIBRARY_MISSING", "--enable-native-access=ALL-UNNAMED");
    }

    @Test
    void rootWithoutTheCapabilitiesIsToldToAddThem() {
        assertRefused(
                new ChildJvm().under("setpriv", "--bounding-set=-bpf,-perfmon,-sys_admin"),
                "NO_CAPABILITY",
                "capabilities CAP_BPF and CAP_PERFMON are missing",
                "--cap-add=BPF --cap-add=PERFMON");
    }

    @Test
    void aSeccompFilterIsToldSo() {
        assertRefused(
                new ChildJvm().under("/usr/bin/python3", "-c", DaemonPlace.WITHOUT_BPF),
                "REFUSED",
                "seccomp",
                "perf_event_open",
                "--security-opt");
    }

    @Test
    void anotherSystemIsToldSo() {
        assertRefused(new ChildJvm().option("-Dos.name=Plan 9"), "NOT_LINUX", "Plan 9", "Linux");
    }

    @Test
    void anOldKernelIsToldSo() {
        assertRefused(
                new ChildJvm().option("-Dos.version=5.10.0-28-amd64"), "KERNEL_TOO_OLD", "5.10.0-28-amd64", "5.13");
    }

    @Test
    void aKernelWithoutTypesIsToldSo() {
        assertRefused(
                new ChildJvm()
                        .under("unshare", "-m", "sh", "-c", "mount -t tmpfs none /sys/kernel/btf && exec \"$@\"", "sh"),
                "NO_BTF",
                "/sys/kernel/btf/vmlinux",
                "CONFIG_DEBUG_INFO_BTF");
    }

    @Test
    void theLibraryIsUnpackedWhereNobodyElseCanWrite() throws Exception {
        Path temporary = TestPrograms.directory();
        List<String> lines = new ChildJvm()
                .option("-Djava.io.tmpdir=" + temporary)
                .option("-XX:-UsePerfData")
                .under("sh", "-c", "umask 000; exec \"$@\"", "sh")
                .lines(SelfReport.class, "extraction");

        assertThat(lines).contains("tracing is available", "permissions rwx------", "mapped");
        assertThat(lines.stream().filter(line -> line.startsWith("permissions ")))
                .containsOnly("permissions rwx------");
        assertThat(lines.stream().filter(line -> line.startsWith("created sched-trace-")))
                .hasSize(1);
        assertThat(lines.stream().filter(line -> line.startsWith("left "))).isEmpty();
    }
}
