package io.schedtrace;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.TestPrograms;
import io.schedtrace.lab.TestPrograms.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The JNI shim in a process with musl: {@code src/test/c/musl_jvm.c} does what a JVM does with it. */
@KernelTest
class MuslIT {
    private static final Path NATIVE = Path.of(System.getProperty("basedir", ""), "../sched-trace-native");

    @Test
    void shouldLoadAndTrace() {
        Path program = TestPrograms.directory().resolve("musl_jvm");
        Path java = Path.of(System.getProperty("java.home"), "include");
        Result compiled = TestPrograms.run(new ProcessBuilder(
                "musl-gcc",
                "-std=gnu11",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-I" + NATIVE.resolve("src/main/c"),
                "-isystem" + java,
                "-isystem" + java.resolve("linux"),
                "-idirafter/usr/include",
                "-idirafter/usr/include/" + System.getProperty("os.arch").replace("amd64", "x86_64") + "-linux-gnu",
                "-o",
                program.toString(),
                Path.of(System.getProperty("basedir", ""), "src/test/c/musl_jvm.c")
                        .toString()));
        assertThat(compiled.status()).as(compiled.text()).isZero();
        Path library = NATIVE.resolve("target/native/lib/linux-"
                + System.getProperty("os.arch").replace("amd64", "x86_64") + "/libschedtrace.so");

        Result result = TestPrograms.run(new ProcessBuilder(program.toString(), library.toString()));

        assertThat(result.text()).isEqualTo("start musl_jvm span=1234\nexec true true\nend true status=0\n");
        assertThat(result.status()).isZero();
    }
}
