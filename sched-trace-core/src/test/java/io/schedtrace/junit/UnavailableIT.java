package io.schedtrace.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.Tracer;
import io.schedtrace.assertj.TraceAssertions;
import io.schedtrace.lab.KernelTest;
import io.schedtrace.model.Via;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
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

    /** The rows of the table in the documentation: a choice, the environment, and what becomes of each test. */
    static Stream<Arguments> rows() {
        String failed = "FAILED io.schedtrace.model.TracingUnavailableException: " + REASON;
        String skipped = "skipped " + REASON;
        String passed = "SUCCESSFUL null";
        String ownFailure = "FAILED java.lang.IllegalStateException: on purpose";
        String askedAndAborted =
                "ABORTED org.opentest4j.TestAbortedException: the test asks for its trace, and " + REASON;
        Map<String, String> aborts = Map.of(
                "nothing",
                passed,
                "trace",
                askedAndAborted,
                "assertion",
                askedAndAborted,
                "guard",
                "ABORTED org.opentest4j.TestAbortedException: leakedProcesses = FAIL, failOnLoss = true,"
                        + " allowConnections = [] cannot be checked: " + REASON,
                "failure",
                ownFailure);
        Map<String, String> fails = all(failed);
        Map<String, String> runs = Map.of(
                "nothing",
                passed,
                "trace",
                passed,
                "assertion",
                "ABORTED org.opentest4j.TestAbortedException: ",
                "guard",
                passed,
                "failure",
                ownFailure);
        return Stream.of(
                Arguments.of("AUTO", Map.of(), aborts),
                Arguments.of("AUTO", Map.of("CI", "false"), aborts),
                Arguments.of("AUTO", Map.of("CI", "true"), fails),
                Arguments.of("ABORT", Map.of("CI", "true"), aborts),
                Arguments.of("skip", Map.of("CI", "true"), all(skipped)),
                Arguments.of("FAIL", Map.of(), fails),
                Arguments.of("RUN_UNTRACED", Map.of("CI", "true"), runs));
    }

    private static Map<String, String> all(String result) {
        return Stream.of("nothing", "trace", "assertion", "guard", "failure")
                .collect(Collectors.toMap(name -> name, name -> result));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void shouldDoAsTheTableSays(String choice, Map<String, String> environment, Map<String, String> results)
            throws Exception {
        ChildJvm jvm = jvm().withoutCapabilities().option("-D" + WhenUnavailable.PARAMETER + "=" + choice);
        environment.forEach(jvm::variable);
        String output = jvm.run(Methods.class);
        results.forEach((name, result) -> {
            String[] parts = result.split(" ", 2);
            assertThat(output.lines().filter(line -> line.matches("[A-Za-z]+ " + name + "\\(.*")))
                    .singleElement(InstanceOfAssertFactories.STRING)
                    .startsWith(parts[0] + " ")
                    .contains("): " + parts[1]);
        });
        assertThat(output.lines().filter(line -> line.startsWith("sched-trace: ")))
                .singleElement(InstanceOfAssertFactories.STRING)
                .startsWith("sched-trace: 5 tests were not traced: " + MESSAGE);
        assertThat(reports).isEmptyDirectory();
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
