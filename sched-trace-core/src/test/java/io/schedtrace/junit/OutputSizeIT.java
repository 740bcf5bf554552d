package io.schedtrace.junit;

import static io.schedtrace.junit.Runs.mark;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.Tracer;
import io.schedtrace.lab.KernelTest;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** How much a build prints of tests that fail. */
@KernelTest
class OutputSizeIT {
    private static final int EACH = 100;

    @TempDir
    Path reports;

    private static void fail(String mark, boolean equal) {
        for (int i = 0; i < EACH; i++) {
            mark(equal ? mark : mark + i);
        }
        throw new AssertionError(mark + " failed");
    }

    @TraceProcesses
    static class EqualProcesses {
        @BeforeAll
        static void prepare() {
            for (int i = 0; i < EACH; i++) {
                mark("prepare");
            }
        }

        @Test
        void first() {
            fail("first", true);
        }

        @Test
        void second() {
            fail("second", true);
        }

        @Test
        void third() {
            fail("third", true);
        }
    }

    @TraceProcesses
    static class DifferentProcesses {
        @BeforeAll
        static void prepare() {
            for (int i = 0; i < EACH; i++) {
                mark("prepare" + i);
            }
        }

        @Test
        void first() {
            fail("first", false);
        }

        @Test
        void second() {
            fail("second", false);
        }

        @Test
        void third() {
            fail("third", false);
        }
    }

    @TraceProcesses(
            leakedProcesses = LeakedProcesses.FAIL,
            allowConnections = {})
    static class Leaks {
        private static List<Process> sleepers = List.of();

        @Test
        void leaves(Tracer tracer) throws Exception {
            sleepers = new java.util.ArrayList<>();
            for (int i = 0; i < EACH; i++) {
                sleepers.add(new ProcessBuilder("sleep", "602").start());
                connect();
            }
        }

        private static void connect() {
            try (java.net.Socket socket = new java.net.Socket("127.0.0.1", 1)) {
                throw new IllegalStateException("nobody listens on port 1, but " + socket);
            } catch (java.io.IOException e) {
                return;
            }
        }
    }

    /** What JUnit's summary and the library print, without the frames of stack traces. */
    private List<String> printed(Class<?> tests) {
        PrintStream before = System.err;
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        StringWriter out = new StringWriter();
        try {
            System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
            TestExecutionSummary summary = Runs.launch(reports, Map.of(), tests);
            summary.getFailures().forEach(failure -> failure.getException().printStackTrace(new PrintWriter(out)));
        } finally {
            System.setErr(before);
        }
        return (out + errors.toString(StandardCharsets.UTF_8))
                .lines()
                .filter(line -> !line.matches("\\s+(at |\\.\\.\\. \\d+ more).*"))
                .toList();
    }

    private static void assertEachTreeOnce(List<String> lines) {
        String text = String.join("\n", lines);
        assertThat(lines)
                .filteredOn(line -> line.matches("\\d+ processes?, \\d+ connections?, trace .*"))
                .hasSize(4)
                .doesNotHaveDuplicates();
        assertThat(Pattern.compile("of the class, up to now").matcher(text).results())
                .hasSize(1);
        for (String test : List.of("first", "second", "third")) {
            assertThat(lines)
                    .filteredOn(line -> line.contains(test + " failed"))
                    .hasSize(1);
            assertThat(lines).filteredOn(line -> line.startsWith(test + "()  ")).hasSize(1);
        }
    }

    @Test
    void shouldFoldEqualProcesses() {
        List<String> lines = printed(EqualProcesses.class);
        assertThat(lines).hasSizeLessThan(30);
        assertEachTreeOnce(lines);
        assertThat(lines.stream().filter(line -> line.endsWith("] x " + EACH)).collect(Collectors.joining()))
                .contains("true first", "true second", "true third", "true prepare");
    }

    @Test
    void shouldCutTreesOfDifferentProcesses() {
        List<String> lines = printed(DifferentProcesses.class);
        assertThat(lines)
                .hasSizeLessThan(270)
                .filteredOn(line -> line.endsWith(" more are left out"))
                .hasSize(4);
        assertEachTreeOnce(lines);
    }

    @Test
    void shouldFoldLeaksAndForbiddenConnections() {
        try {
            List<String> lines = printed(Leaks.class);
            assertThat(lines)
                    .hasSizeLessThan(20)
                    .anyMatch(line -> line.startsWith("  sleep 602  [") && line.endsWith("]  x " + EACH))
                    .anyMatch(
                            line -> line.startsWith("  a thread of the test itself [") && line.endsWith("  x " + EACH));
        } finally {
            Leaks.sleepers.forEach(Process::destroyForcibly);
        }
    }
}
