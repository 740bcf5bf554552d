package io.schedtrace.junit;

import static io.schedtrace.junit.Runs.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.lab.KernelTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.testkit.engine.EngineExecutionResults;

@KernelTest
class TraceBaselineIT {
    private static String script = "";

    @TempDir
    private Path directory;

    private EngineExecutionResults run(boolean update, Class<?> test) {
        Map<String, String> parameters = new HashMap<>(Map.of(TraceBaseline.DIRECTORY, directory.toString()));
        if (update) {
            parameters.put(TraceBaseline.PARAMETER, "update");
        }
        return Runs.run(directory.resolve("reports"), parameters, test);
    }

    private Path file(Class<?> test, String name) {
        return directory.resolve(test.getName().replace('.', '/') + "." + name + ".baseline");
    }

    private static void sh(String command) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("sh", "-c", command).start().waitFor()).isZero();
    }

    @TraceProcesses
    static class Traced {
        @Test
        @TraceBaseline("tree")
        void test() throws Exception {
            sh(script);
        }
    }

    @Test
    void shouldCreateCheckAndUpdateTheFile() throws Exception {
        Path file = file(Traced.class, "tree");
        script = "ls / | wc -l; : $$";
        assertThat(failure(run(false, Traced.class)))
                .hasMessageContaining("the baseline " + file + " does not exist; run the test with"
                        + " -Dio.schedtrace.baseline=update to create it");
        assertThat(file).doesNotExist();

        run(true, Traced.class).testEvents().assertStatistics(s -> s.succeeded(1));
        assertThat(file).content().isEqualTo("""
                sh -c 'ls / | wc -l; : $$'
                ├─ ls /
                └─ wc -l
                """);
        run(false, Traced.class).testEvents().assertStatistics(s -> s.succeeded(1));

        Files.writeString(
                file, Files.readString(file).replace("wc -l\n", "wc -c\n").replace("ls / | wc -c", "ls / | wc -l"));
        assertThat(failure(run(false, Traced.class)))
                .hasMessageContaining("does not run what its baseline " + file + " has (-), but (+):")
                .hasMessageContaining("-    wc -c\n+    wc -l\n1 difference: 1 with other arguments");
        Files.writeString(file, "   nonsense\n      ├─ x\n");
        assertThat(failure(run(false, Traced.class))).hasMessageContaining("was damaged: line 1 is not part of a tree");
        run(true, Traced.class).testEvents().assertStatistics(s -> s.succeeded(1));
        run(false, Traced.class).testEvents().assertStatistics(s -> s.succeeded(1));
    }

    @TraceProcesses
    static class Failing {
        @Test
        @TraceBaseline("tree")
        void test() throws Exception {
            sh("exit 1");
        }
    }

    @Test
    void shouldNotWriteTheFileOfATestThatFails() {
        assertThat(failure(run(true, Failing.class))).hasMessageContaining("0");
        assertThat(file(Failing.class, "tree")).doesNotExist();
    }

    static class Untraced {
        @Test
        @TraceBaseline("tree")
        void test() {}
    }

    static class ByField {
        @RegisterExtension
        static final TraceExtension TRACE = TraceExtension.builder().build();

        @Test
        @TraceBaseline("tree")
        void test() throws Exception {
            sh("true");
        }
    }

    @Test
    void shouldNeedATrace() {
        assertThat(failure(run(false, Untraced.class)))
                .hasMessage(
                        "@TraceBaseline on test() has no effect, since the test is not traced; add @TraceProcesses to"
                                + " it or to its class");
        run(true, ByField.class).testEvents().assertStatistics(s -> s.succeeded(1));
        run(false, ByField.class).testEvents().assertStatistics(s -> s.succeeded(1));
    }

    @TraceProcesses
    static class BadName {
        @Test
        @TraceBaseline("../x")
        void test() {}
    }

    @TraceProcesses
    static class Twice {
        @Test
        @TraceBaseline("x")
        void one() {}

        @Test
        @TraceBaseline("x")
        void other() {}
    }

    @TraceProcesses
    static class Parameterized {
        @ParameterizedTest
        @ValueSource(strings = {"true", "true"})
        @TraceBaseline("same")
        void same(String command) throws Exception {
            sh(command);
        }
    }

    @TraceProcesses
    static class Different {
        @ParameterizedTest
        @ValueSource(strings = {"true", "true 2"})
        @TraceBaseline("same")
        void different(String command) throws Exception {
            sh(command);
        }
    }

    @Test
    void shouldRefuseMistakes() {
        assertThat(failure(run(false, BadName.class))).hasStackTraceContaining("becomes the name of a file");
        assertThat(failure(run(true, Twice.class))).hasStackTraceContaining("@TraceBaseline(\"x\") is on two tests, ");
        run(true, Parameterized.class).testEvents().assertStatistics(s -> s.succeeded(2));
        run(false, Parameterized.class).testEvents().assertStatistics(s -> s.succeeded(2));
        assertThat(failure(run(true, Different.class)))
                .hasMessageContaining("the invocations of the test run different things");
    }

    @Test
    void shouldNotPassUntraced() throws Exception {
        assertThat(new ChildJvm()
                        .withoutCapabilities()
                        .option("-D" + TraceBaseline.DIRECTORY + "=" + directory)
                        .run(Traced.class))
                .contains("ABORTED test()", "@TraceBaseline(\"tree\") cannot be checked: tracing is not available");
    }
}
