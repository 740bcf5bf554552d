package io.schedtrace.junit;

import static io.schedtrace.junit.Runs.failure;
import static io.schedtrace.junit.Runs.keep;
import static io.schedtrace.junit.Runs.mark;
import static io.schedtrace.junit.Runs.marks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.schedtrace.ProcessTreeTracer;
import io.schedtrace.Tracer;
import io.schedtrace.lab.KernelTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Mistakes, and the words for them. */
@KernelTest
class BadUseIT {
    @TempDir
    Path reports;

    private void fails(String message, Class<?> test) {
        assertThat(failure(Runs.run(reports, test))).hasStackTraceContaining(message);
    }

    static class NoAnnotation {
        @Test
        void test(Tracer tracer) {}
    }

    @Test
    void namesTheParameterWithoutTheAnnotation() {
        fails("No ParameterResolver registered for parameter [io.schedtrace.Tracer tracer]", NoAnnotation.class);
    }

    @TraceProcesses
    static class InConstructor {
        InConstructor(Tracer tracer) {}

        @Test
        void test() {}
    }

    @Test
    void namesTheParameterOfAConstructor() {
        fails("a Tracer cannot be injected into a constructor", InConstructor.class);
    }

    @TraceProcesses(allowConnections = {"localhost:*", "db test:5432"})
    static class BadPattern {
        @Test
        void test() {}
    }

    @Test
    void namesTheBadPattern() {
        fails(
                "@TraceProcesses on BadUseIT$BadPattern: allowConnections: 'db test:5432' is not a pattern: 'db test' is"
                        + " neither a host name nor an address",
                BadPattern.class);
    }

    @TraceProcesses
    static class TwoTracers {
        @RegisterExtension
        static final TraceExtension TRACE = TraceExtension.builder().build();

        @Test
        void test() {}
    }

    @Test
    void namesTheTwoExtensionsOfOneTest() {
        fails("test() is traced twice, by @TraceProcesses and by a TraceExtension; keep one of them", TwoTracers.class);
    }

    @TraceProcesses
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    static class ScopeLeftOpen {
        static ProcessTreeTracer own;

        @Test
        @Order(1)
        void entersAnother() {
            own = ProcessTreeTracer.builder().open();
            own.enter();
        }

        @Test
        @Order(2)
        void isNotDisturbed(Tracer tracer) {
            keep("next", tracer);
            mark("next");
        }
    }

    @Test
    void namesTheScopeOfAnotherTracerThatWasLeftOpen() {
        fails("an inner scope of thread ", ScopeLeftOpen.class);
        mark("afterwards");
        assertThat(marks("next")).containsExactly("next");
        assertThat(ScopeLeftOpen.own.processes()).isEmpty();
        ScopeLeftOpen.own.close();
    }

    @TraceProcesses
    static class Closes {
        @Test
        void test(Tracer tracer) {
            tracer.close();
        }
    }

    @Test
    void namesTheTracerThatTheTestCloses() {
        fails("this tracer is that of test(Tracer) and is closed after it; do not close it in the test", Closes.class);
    }

    @TraceProcesses
    static class Keeps {
        @Test
        void test(Tracer tracer) {
            keep("kept", tracer);
        }
    }

    @Test
    void namesTheTestWhoseTracerIsUsedAfterIt() {
        Runs.run(reports, Keeps.class).testEvents().assertStatistics(s -> s.succeeded(1));
        Tracer kept = Runs.tracer("kept");
        String message = "this tracer is that of test(Tracer), which has ended; use the one of the test that runs";
        assertThatIllegalStateException()
                .isThrownBy(() -> kept.start(new ProcessBuilder("true")))
                .withMessage(message);
        assertThatIllegalStateException()
                .isThrownBy(() -> kept.awaitTree(Duration.ZERO))
                .withMessage(message);
        assertThatIllegalStateException().isThrownBy(kept::killTree).withMessage(message);
        assertThat(kept.trace().processes()).isEmpty();
    }

    @Test
    void namesTheBadConfiguration() {
        assertThat(failure(Runs.run(reports, Map.of(WhenUnavailable.PARAMETER, "perhaps"), Keeps.class)))
                .hasStackTraceContaining(
                        "io.schedtrace.whenUnavailable is 'perhaps'; it can be one of [AUTO, ABORT, SKIP, FAIL,"
                                + " RUN_UNTRACED]");
    }
}
