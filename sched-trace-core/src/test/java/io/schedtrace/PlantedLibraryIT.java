package io.schedtrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.schedtrace.lab.ChildJvm;
import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.SelfReport;
import io.schedtrace.lab.TestPrograms;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Libraries that somebody has put where ours might be looked for. One that is loaded makes a file. */
@KernelTest
class PlantedLibraryIT {
    private static final String NOBODY = "65534";

    private static Path planted;
    private static Path loaded;
    private Path temporary;
    private Path told;

    @BeforeAll
    static void plant() throws Exception {
        assumeThat(System.getProperty("user.name")).isEqualTo("root");
        planted = TestPrograms.directory();
        loaded = planted.resolve("loaded");
        Path source = Files.writeString(
                planted.resolve("planted.c"),
                "#include <fcntl.h>\n__attribute__((constructor)) static void run(void) { open(\"" + loaded
                        + "\", O_CREAT | O_WRONLY, 0666); }\n");
        for (String name : List.of("libschedtrace.so", "libbpf.so.1", "libelf.so.1", "libelf.so", "libjffi-1.2.so")) {
            TestPrograms.Result built = TestPrograms.run(new ProcessBuilder(
                    "gcc",
                    "-shared",
                    "-fPIC",
                    source.toString(),
                    "-o",
                    planted.resolve(name).toString()));
            assertThat(built.status()).as(built.text()).isZero();
        }
    }

    @BeforeEach
    void makeATemporaryDirectory() throws Exception {
        Files.deleteIfExists(loaded);
        temporary = TestPrograms.directory();
        told = planted.resolve("told");
    }

    private static List<String> availability(ChildJvm jvm) {
        return jvm.option("-XX:-UsePerfData").lines(SelfReport.class, "availability");
    }

    @Test
    void aPlantedLibraryIsOneThatTellsWhenItIsLoaded() {
        assertThat(availability(
                        new ChildJvm().option("-Dio.schedtrace.library=" + planted.resolve("libschedtrace.so"))))
                .anySatisfy(
                        line -> assertThat(line).startsWith("LIBRARY_MISSING: ").contains("not sched-trace's"));
        assertThat(loaded).exists();
    }

    @Test
    void theSearchPathsAreNotLookedAt() {
        assertThat(availability(new ChildJvm()
                        .option("-Djava.library.path=" + planted)
                        .under("env", "LD_LIBRARY_PATH=" + planted)))
                .contains("null: tracing is available");
        assertThat(loaded).doesNotExist();
    }

    /** Another user tries to replace, in a directory as {@code /tmp} is, whatever appears there. */
    @Test
    void anotherUserCannotReplaceItInASharedDirectory() throws Exception {
        Files.setAttribute(temporary, "unix:mode", 01777);
        Process attacker = attacker();
        try {
            for (int i = 0; i < 5; i++) {
                assertThat(availability(new ChildJvm().option("-Djava.io.tmpdir=" + temporary)))
                        .contains("null: tracing is available");
            }
        } finally {
            attacker.destroyForcibly().waitFor();
        }
        assertThat(told).content().contains("tried").doesNotContain("replaced");
        assertThat(loaded).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"0777, 0, chmod +t", "0775, 0, chmod +t", "01777, 65534, the user with the id 65534"})
    void aDirectoryInWhichOthersMayReplaceFilesIsRefused(String mode, int owner, String words) throws Exception {
        Files.setAttribute(temporary, "unix:mode", Integer.parseInt(mode, 8));
        Files.setAttribute(temporary, "unix:uid", owner);

        assertThat(availability(new ChildJvm().option("-Djava.io.tmpdir=" + temporary)))
                .anySatisfy(line -> assertThat(line)
                        .startsWith("LIBRARY_MISSING: ")
                        .contains(temporary.toString(), words, "java.io.tmpdir"));
        assertThat(temporary).isEmptyDirectory();
    }

    /** The native half of jnr-ffi: in a private directory, from nowhere else, and with no trace in the properties. */
    @Test
    void jffiIsLoadedFromAPrivateDirectory() throws Exception {
        Files.setAttribute(temporary, "unix:mode", 01777);
        Process attacker = attacker();
        try {
            assertThat(jffi("-Djava.library.path=" + planted))
                    .contains(
                            "exists true",
                            "java.library.path " + planted,
                            "jffi.extract.dir null",
                            "jffi.extract.name null");
            assertThat(jffi("-Djffi.extract.dir=" + planted, "-Djffi.extract.name=libjffi-1.2.so"))
                    .contains("exists true", "jffi.extract.dir " + planted, "jffi.extract.name libjffi-1.2.so");
        } finally {
            attacker.destroyForcibly().waitFor();
        }
        assertThat(told).content().contains("tried").doesNotContain("replaced");
        assertThat(temporary).isEmptyDirectory();
        assertThat(loaded).doesNotExist();
    }

    @Test
    void jffiIsNotUnpackedInADirectoryInWhichOthersMayReplaceFiles() throws Exception {
        Files.setAttribute(temporary, "unix:mode", 0777);

        assertThat(jffi())
                .anySatisfy(line -> assertThat(line).startsWith("refused ").contains("chmod +t"));
        assertThat(temporary).isEmptyDirectory();
    }

    private List<String> jffi(String... options) {
        ChildJvm jvm = new ChildJvm()
                .option("-XX:-UsePerfData")
                .option("-Djava.io.tmpdir=" + temporary)
                .under("sh", "-c", "umask 000; cd \"$0\"; exec \"$@\"", temporary.toString());
        for (String option : options) {
            jvm.option(option);
        }
        return jvm.lines(SelfReport.class, "libc");
    }

    private Process attacker() throws Exception {
        String script = "import os, sys\nd, evil = sys.argv[1:]\nprint('up', flush=True)\nseen = set()\nwhile True:\n"
                + " for e in os.listdir(d):\n"
                + "  if not e.startswith('sched-trace-'): continue\n"
                + "  if e not in seen: seen.add(e); print('tried', flush=True)\n"
                + "  p = os.path.join(d, e)\n"
                + "  for attempt in (lambda: os.rename(p, p + '.old'), lambda: os.rmdir(p),\n"
                + "    lambda: os.symlink(evil, os.path.join(p, 'libschedtrace.so')),\n"
                + "    lambda: os.listdir(p), lambda: os.chmod(p, 0o777)):\n"
                + "   try: attempt(); print('replaced', flush=True)\n"
                + "   except OSError: pass\n";
        Process attacker = new ProcessBuilder(
                        "setpriv",
                        "--reuid=" + NOBODY,
                        "--regid=" + NOBODY,
                        "--clear-groups",
                        "/usr/bin/python3",
                        "-c",
                        script,
                        temporary.toString(),
                        planted.resolve("libschedtrace.so").toString())
                .redirectErrorStream(true)
                .redirectOutput(told.toFile())
                .start();
        for (int i = 0; i < 600 && Files.size(told) == 0; i++) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
        assertThat(told).hasContent("up");
        return attacker;
    }
}
