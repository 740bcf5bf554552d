package io.schedtrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.schedtrace.lab.ChildJvm;
import io.schedtrace.lab.HelperPlace;
import io.schedtrace.lab.HelperReport;
import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.SelfReport;
import io.schedtrace.lab.TestPrograms;
import io.schedtrace.model.TracingUnavailableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an ordinary user gets where root has installed the helper: the trace that root gets, without secrets of others. */
@KernelTest
class HelperIT {
    private static final String WORD = "hunter2-of-root";
    private static final String REVERSED = new StringBuilder(WORD).reverse().toString();

    private static HelperPlace place;
    private static Path directory;

    @BeforeAll
    static void install() throws Exception {
        assumeThat(System.getProperty("user.name")).isEqualTo("root");
        place = new HelperPlace("rw").installed();
        directory = TestPrograms.directory();
    }

    @AfterAll
    static void remove() throws Exception {
        if (place != null) {
            place.close();
        }
    }

    private static List<String> trace(ChildJvm jvm, String... command) {
        List<String> arguments = new ArrayList<>(List.of(REVERSED));
        arguments.addAll(List.of(command));
        return jvm.lines(HelperReport.class, arguments.toArray(String[]::new)).stream()
                .filter(line -> line.matches("(via|process|connection|complete|word|out|[A-Z_]+:) .*"))
                .toList();
    }

    @Test
    @Tag("kernels")
    void aTraceEqualsThatOfRoot() throws Exception {
        Path makefile = Files.writeString(directory.resolve("Makefile"), """
                all: one two
                one:
                \t@/bin/true && (/bin/echo one; exit 0)
                two: one
                \t-@curl --noproxy '*' -s http://127.0.0.1:9/ || exit 3
                """);
        String[] command = {"sh", "-c", "make -f \"$0\"; exec /bin/echo end", makefile.toString()};

        List<String> roots = new ArrayList<>(trace(place.rootJvm(), command));
        List<String> own = new ArrayList<>(trace(place.nobodyJvm(), command));

        assertThat(roots.remove("via BPF")).isTrue();
        assertThat(own.remove("via HELPER")).isTrue();
        assertThat(own)
                .isEqualTo(roots)
                .contains("process echo end exit 0", "complete true")
                .anyMatch(line -> line.startsWith("connection CLIENT /127.0.0.1:9 REFUSED"));
    }

    /** Programs that a user may not read in /proc, and some that he may although they look alike. */
    @Test
    @Tag("kernels")
    void programsThatTheUserMayNotReadAreHidden() throws Exception {
        place.root(
                "cd \"$0\" && for name in unreadable setuid capable; do cp /bin/true $name; done && chmod 711 unreadable &&"
                        + " chmod 4755 setuid && setcap cap_net_raw+ep capable && cp \"$1\" back && chmod 4755 back",
                directory.toString(),
                TestPrograms.program("back").toString());
        List<String> lines = trace(
                place.nobodyJvm(),
                "sh",
                "-c",
                "$0/unreadable; $0/setuid; $0/capable; passwd -S; ping -c1 -W1 127.0.0.1; su -c id </dev/null;"
                        + " $0/back /bin/echo returned; unshare -Ur /bin/echo inside; /bin/true",
                directory.toString());

        assertThat(lines).contains("out returned", "out inside", "complete true");
        assertThat(lines.stream().filter(line -> line.startsWith("process ")).skip(1))
                .map(line -> line.replaceFirst("exit \\d+", "exit N"))
                .filteredOn(line -> !line.contains("(fork)"))
                .endsWith(
                        "process sh (hidden) exit N exe null execs 0",
                        "process echo returned exit N",
                        "process echo inside exit N",
                        "process true exit N")
                .startsWith(
                        "process sh (hidden) exit N exe null execs 0",
                        "process sh (hidden) exit N exe null execs 0",
                        "process sh (hidden) exit N exe null execs 0",
                        "process sh (hidden) exit N exe null execs 0");
    }

    @Test
    void whatSudoStartsIsHidden() throws Exception {
        Path script = Files.writeString(
                directory.resolve("secret"), "#!/bin/sh\nexport PASSWORD=" + WORD + "\n/bin/true " + WORD + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        place.root(
                "mount -t tmpfs -o mode=755 none /etc/sudoers.d && echo 'nobody ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/t");

        assertThat(trace(place.rootJvm(), script.toString())).contains("word true");

        List<String> lines = trace(place.nobodyJvm(), "sudo", "-n", script.toString());
        assertThat(lines).contains("word false", "complete true");
        assertThat(lines.stream().filter(line -> line.startsWith("process ")))
                .hasSizeGreaterThanOrEqualTo(3)
                .allSatisfy(line -> assertThat(line).contains("(hidden) exit 0 exe null execs 0"));
    }

    /** Starts programs on a thread that has entered, and on one that was there before the whole JVM has. */
    static final class ScopesReport {
        public static void main(String[] arguments) throws Exception {
            ExecutorService pool = Executors.newSingleThreadExecutor();
            try (ProcessTreeTracer tracer = ProcessTreeTracer.builder().open()) {
                on(pool, "before");
                try (ThreadScope scope = tracer.enter()) {
                    new ProcessBuilder("true", "thread").start().waitFor();
                }
                try (JvmScope scope = tracer.enterJvm()) {
                    on(pool, "jvm");
                }
                on(pool, "after");
                System.out.println(tracer.trace().via() + " "
                        + tracer.trace().processes().stream()
                                .map(process -> process.commandLine().toString())
                                .toList());
            }
            pool.shutdown();
        }

        private static void on(ExecutorService pool, String mark) throws Exception {
            pool.submit(() -> new ProcessBuilder("true", mark).start().waitFor())
                    .get();
        }
    }

    @Test
    void threadsAndTheWholeJvmCanBeTraced() throws Exception {
        assertThat(place.nobodyJvm().lines(ScopesReport.class)).contains("HELPER [true thread, true jvm]");
    }

    /** Opens a tracer with each setting that needs more than the others. */
    static final class NamesReport {
        public static void main(String[] arguments) {
            try (ProcessTreeTracer dns = ProcessTreeTracer.builder().dns(true).open()) {
                System.out.println("dns via " + dns.trace().via());
            }
            try (ProcessTreeTracer refused =
                    ProcessTreeTracer.builder().getaddrinfo(true).open()) {
                System.out.println("getaddrinfo via " + refused.trace().via());
            } catch (TracingUnavailableException e) {
                System.out.println(e.getMessage());
            }
            try (ProcessTreeTracer refused =
                    ProcessTreeTracer.builder().ringSize(128 << 20).open()) {
                System.out.println("ring via " + refused.trace().via());
            } catch (TracingUnavailableException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void whatTheHelperCannotDoIsRefused() throws Exception {
        ChildJvm jvm = place.nobodyJvm().option("-Dio.schedtrace.via=helper");
        assertThat(jvm.lines(NamesReport.class))
                .contains(
                        "dns via HELPER",
                        "the helper cannot watch getaddrinfo(3); leave getaddrinfo(true) out, or trace as root",
                        "the helper makes rings of 4 KiB to 64 MiB only; ask for such a ringSize, or trace as root");
    }

    @Test
    void twoAtOnceDoNotDisturbEachOther() throws Exception {
        ChildJvm jvm = place.nobodyJvm();
        List<CompletableFuture<List<String>>> both = List.of(
                CompletableFuture.supplyAsync(() -> trace(jvm, "sh", "-c", "/bin/echo one; true")),
                CompletableFuture.supplyAsync(() -> trace(jvm, "sh", "-c", "/bin/echo two; true")));
        assertThat(both.get(0).get())
                .contains("process echo one exit 0", "complete true")
                .doesNotContain("process echo two exit 0");
        assertThat(both.get(1).get())
                .contains("process echo two exit 0", "complete true")
                .doesNotContain("process echo one exit 0");
    }

    @Test
    void nothingIsAttachedASecondAfterAKill() throws Exception {
        Path marker = place.temporary().resolve("marker");
        Process jvm = place.nobodyJvm().awaitLine("running", SelfReport.class, "run-on", marker.toString());
        List<String> objects = ChildJvm.bpfObjects(jvm.pid());
        assertThat(objects).anyMatch(object -> object.startsWith("link ")).allMatch(ChildJvm::inKernel);

        jvm.destroyForcibly().waitFor();
        TimeUnit.SECONDS.sleep(1);
        assertThat(objects).noneMatch(ChildJvm::inKernel);
        Files.createFile(marker);
    }

    @Test
    @Tag("kernels")
    void nobodyGetsAtMoreThroughTheHelper() {
        Path attack = TestPrograms.program("helper_attack", "-I../sched-trace-native/src/main/c");
        String helper = io.schedtrace.bpf.Helper.PATH.toString();

        TestPrograms.Result own = place.nobody(attack.toString(), helper);
        assertThat(own.text()).isEmpty();
        assertThat(own.status()).isZero();
        assertThat(place.root("\"$0\" \"$1\" 65534", attack.toString(), helper)).isEmpty();
    }
}
