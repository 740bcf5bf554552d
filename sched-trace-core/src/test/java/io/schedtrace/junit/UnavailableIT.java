package io.schedtrace.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.Tracer;
import io.schedtrace.assertj.TraceAssertions;
import io.schedtrace.lab.KernelTest;
import io.schedtrace.model.Via;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** JVMs that lack something: the right to trace, a library. */
@KernelTest
class UnavailableIT {
    private static final String MESSAGE = "the capabilities CAP_BPF and"
            + " CAP_PERFMON are missing; this root, as in a container, has only some capabilities; add them";
    private static final String REASON = "tracing is not available: NO_CAPABILITY: " + MESSAGE;

    @TempDir
    Path reports;

    private ChildJvm jvm() {
        return new ChildJvm().option("-D" + TraceProcesses.REPORT_DIRECTORY + "=" + reports);
    }

    /** What a test may want of its trace. */
    static class Methods {
        @Test
        @TraceProcesses
        void nothing(Tracer tracer) throws Exception {
            assertThat(tracer.start(new ProcessBuilder("sh", "-c", "exit 7")).waitFor())
                    .isEqualTo(7);
            tracer.wrap((Runnable) () -> {}).run();
            tracer.enter().close();
        }

        @Test
        @TraceProcesses
        void trace(Tracer tracer) {
            assertThat(tracer.trace().via()).isEqualTo(Via.UNTRACED);
            assertThat(tracer.trace().isComplete()).isFalse();
        }

        @Test
        @TraceProcesses
        void assertion(Tracer tracer) throws Exception {
            TraceAssertions.assertThat(tracer.awaitTree(Duration.ZERO)).madeNoConnections();
        }

        @Test
        @TraceProcesses(
                leakedProcesses = LeakedProcesses.FAIL,
                allowConnections = {},
                failOnLoss = true)
        void guard() {}

        @Test
        @TraceProcesses(leakedProcesses = LeakedProcesses.FAIL)
        void failure() {
            throw new IllegalStateException("on purpose");
        }
    }

    /** The rows of the table in docs/junit.md, each as its cells. */
    static Stream<Arguments> rows() throws IOException {
        return Files.readAllLines(Path.of("../docs/junit.md")).stream()
                .filter(line -> line.matches("\\| [A-Z_]+ \\|.*"))
                .map(line -> Arguments.of(List.of(line.split("\\s*\\|\\s*"))));
    }

    @Test
    void shouldHaveARowForEachChoice() throws Exception {
        assertThat(rows().map(row -> String.valueOf(((List<?>) row.get()[0]).get(1)))
                        .distinct())
                .containsExactlyElementsOf(
                        Stream.of(WhenUnavailable.values()).map(Enum::name).toList());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void shouldDoAsTheTableSays(List<String> cells) throws Exception {
        String choice = cells.get(1);
        ChildJvm jvm = jvm().withoutCapabilities().option("-D" + WhenUnavailable.PARAMETER + "=" + choice);
        if (!cells.get(2).equals("not set")) {
            jvm.variable("CI", cells.get(2));
        }
        String output = jvm.run(Methods.class);
        List<String> tests = List.of("nothing", "trace", "assertion", "guard", "failure");
        for (int i = 0; i < tests.size(); i++) {
            String test = tests.get(i);
            assertThat(output.lines().filter(line -> line.matches("[A-Za-z]+ " + test + "\\(.*")))
                    .singleElement(InstanceOfAssertFactories.STRING)
                    .startsWith(start(cells.get(3 + i)))
                    .contains(reason(cells.get(3 + i), test));
        }
        assertThat(output.lines().filter(line -> line.startsWith("sched-trace: ")))
                .singleElement(InstanceOfAssertFactories.STRING)
                .startsWith("sched-trace: 5 tests were not traced: " + MESSAGE);
        assertThat(reports).isEmptyDirectory();
    }

    private static String start(String cell) {
        return switch (cell) {
            case "passes" -> "SUCCESSFUL ";
            case "is aborted" -> "ABORTED ";
            case "is skipped" -> "skipped ";
            case "fails" -> "FAILED ";
            default -> throw new AssertionError("the table says '" + cell + "'");
        };
    }

    private static String reason(String cell, String test) {
        return switch (cell + ": " + test) {
            case "is aborted: trace" -> "the test asks for its trace, and " + REASON;
            case "is aborted: guard" ->
                "leakedProcesses = FAIL, failOnLoss = true, allowConnections = [] cannot be" + " checked: " + REASON;
            case "is aborted: assertion", "passes: nothing", "passes: trace", "passes: guard", "fails: failure" ->
                "): ";
            default -> REASON;
        };
    }

    @Test
    void shouldTakeTheDefaultFromTheEnvironment() throws Exception {
        assertThat(jvm().withoutCapabilities().run(Methods.class)).contains("SUCCESSFUL nothing", "ABORTED guard");
        assertThat(jvm().withoutCapabilities().variable("CI", "true").run(Methods.class))
                .contains("FAILED nothing", "FAILED guard");
        assertThat(jvm().withoutCapabilities().require().run(Methods.class)).contains("FAILED nothing", "FAILED guard");
    }

    @Test
    void shouldSayNothingWhereTracingIsAvailable() throws Exception {
        assertThat(jvm().require().run(Methods.class))
                .contains("SUCCESSFUL nothing", "SUCCESSFUL guard", "SUCCESSFUL assertion")
                .doesNotContain("sched-trace:");
    }

    static class Choices {
        @Test
        @TraceProcesses(whenUnavailable = WhenUnavailable.SKIP)
        void skip() {}

        @Test
        @TraceProcesses(whenUnavailable = WhenUnavailable.FAIL)
        void fail() {}

        @Test
        @TraceProcesses(whenUnavailable = WhenUnavailable.RUN_UNTRACED, leakedProcesses = LeakedProcesses.FAIL)
        void run() {}

        @Test
        @EnabledIfTracingAvailable
        void condition() {}
    }

    @Test
    void shouldDoAsEachTestSays() throws Exception {
        assertThat(jvm().withoutCapabilities().run(Choices.class))
                .contains("skipped skip(): " + REASON)
                .contains("FAILED fail(): io.schedtrace.model.TracingUnavailableException: " + REASON)
                .contains("SUCCESSFUL run()")
                .contains("skipped condition(): " + REASON)
                .contains("sched-trace: 4 tests were not traced: " + MESSAGE);
    }

    @TraceProcesses(whenUnavailable = WhenUnavailable.SKIP)
    static class WholeClass {
        @BeforeAll
        @SuppressWarnings("DoNotCallSuggester")
        static void never() {
            throw new AssertionError("this should have been skipped");
        }

        @Test
        void test() {}
    }

    @Test
    void shouldSkipAWholeClassBeforeItDoesAnything() throws Exception {
        assertThat(jvm().withoutCapabilities().run(WholeClass.class))
                .contains("skipped UnavailableIT$WholeClass: " + REASON)
                .contains("sched-trace: 1 test was not traced: " + MESSAGE)
                .doesNotContain("FAILED");
    }

    static class InstanceField {
        @RegisterExtension
        final TraceExtension trace =
                TraceExtension.builder().whenUnavailable(WhenUnavailable.SKIP).build();

        @Test
        void test() {}
    }

    @Test
    void shouldSkipByAnObjectInAField() throws Exception {
        assertThat(jvm().withoutCapabilities().run(InstanceField.class)).contains("skipped test(): " + REASON);
    }

    @TraceProcesses(alwaysReport = true)
    static class Reported {
        @Test
        void reported() {
            Runs.mark("reported");
        }

        @Test
        void failing() {
            throw new IllegalStateException("on purpose");
        }
    }

    @Test
    void shouldWriteTextOnlyWithoutJackson() throws Exception {
        assertThat(jvm().without("jackson").run(Reported.class))
                .contains("SUCCESSFUL reported()")
                .contains("Suppressed: processes and connections, as in " + reports)
                .contains(
                        "failing.txt (no .json and .html: com.fasterxml.jackson.core:jackson-core is not on the class path)")
                .doesNotContain("\tat com.fasterxml");
        assertThat(reports.resolve(Reported.class.getName()))
                .isDirectoryContaining("glob:**/reported.txt")
                .isDirectoryNotContaining("glob:**.json");
    }
}
