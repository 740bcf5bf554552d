package io.schedtrace.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.Tracer;
import io.schedtrace.lab.KernelTest;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** JVMs that lack something: the right to trace, a library. */
@KernelTest
class UnavailableIT {
    private static final String REASON = "tracing is not available: NO_CAPABILITY: the capabilities CAP_BPF and"
            + " CAP_PERFMON are missing; this root, as in a container, has only some capabilities; add them";

    @TempDir
    Path reports;

    private ChildJvm jvm() {
        return new ChildJvm().option("-D" + TraceProcesses.REPORT_DIRECTORY + "=" + reports);
    }

    static class Methods {
        @Test
        @TraceProcesses
        void skip() {}

        @Test
        @TraceProcesses(whenUnavailable = WhenUnavailable.FAIL)
        void fail() {}

        @Test
        @TraceProcesses(
                whenUnavailable = WhenUnavailable.RUN_UNTRACED,
                leakedProcesses = LeakedProcesses.FAIL,
                allowConnections = {},
                failOnLoss = true,
                alwaysReport = true)
        void untraced(Tracer tracer) throws Exception {
            Process process = tracer.start(new ProcessBuilder("sh", "-c", "exit 7"));
            assertThat(process.waitFor()).isEqualTo(7);
            assertThat(tracer.awaitTree(Duration.ZERO).processes()).isEmpty();
            assertThat(tracer.trace().isComplete()).isTrue();
            assertThat(tracer.killTree()).isZero();
        }

        @Test
        @EnabledIfTracingAvailable
        void condition() {}
    }

    @Test
    void shouldDoAsEachTestSays() throws Exception {
        assertThat(jvm().withoutCapabilities().run(Methods.class))
                .contains("skipped skip(): " + REASON)
                .contains("FAILED fail(): io.schedtrace.model.TracingUnavailableException: " + REASON)
                .contains("SUCCESSFUL untraced(Tracer)")
                .contains("skipped condition(): " + REASON);
        assertThat(reports).isEmptyDirectory();
    }

    @Test
    void shouldDoAsTheConfigurationSaysFirst() throws Exception {
        assertThat(jvm().withoutCapabilities()
                        .option("-D" + WhenUnavailable.PARAMETER + "=fail")
                        .run(Methods.class))
                .contains("FAILED skip(): io.schedtrace.model.TracingUnavailableException: " + REASON)
                .contains("FAILED fail()", "FAILED untraced(Tracer)", "FAILED condition()");
        assertThat(jvm().withoutCapabilities()
                        .option("-D" + WhenUnavailable.PARAMETER + "=RUN_UNTRACED")
                        .run(Methods.class))
                .contains("SUCCESSFUL skip()", "SUCCESSFUL fail()", "SUCCESSFUL untraced(Tracer)")
                .contains("skipped condition()");
    }

    @Test
    void shouldFailWhereTheEnvironmentRequiresIt() throws Exception {
        assertThat(jvm().withoutCapabilities().require().run(Methods.class))
                .contains("FAILED skip()", "FAILED fail()", "FAILED untraced(Tracer)", "FAILED condition()");
    }

    @Test
    void shouldLetAnAvailableTracerPass() throws Exception {
        assertThat(jvm().require().run(Methods.class))
                .contains("SUCCESSFUL skip()", "SUCCESSFUL fail()", "SUCCESSFUL condition()");
    }

    @TraceProcesses
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
                .doesNotContain("FAILED");
    }

    static class InstanceField {
        @RegisterExtension
        final TraceExtension trace = TraceExtension.builder().build();

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
