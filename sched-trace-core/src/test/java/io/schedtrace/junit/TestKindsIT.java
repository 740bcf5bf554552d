package io.schedtrace.junit;

import static io.schedtrace.junit.Runs.keep;
import static io.schedtrace.junit.Runs.mark;
import static io.schedtrace.junit.Runs.marks;
import static io.schedtrace.junit.Runs.trace;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.Tracer;
import io.schedtrace.lab.KernelTest;
import io.schedtrace.model.SessionSpan;
import io.schedtrace.model.Trace;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;

/** What of a test is in its trace. */
@KernelTest
class TestKindsIT {
    @TempDir
    Path reports;

    /** Marks what another extension starts. */
    static final class Neighbour implements BeforeEachCallback {
        @Override
        public void beforeEach(ExtensionContext context) {
            mark("neighbour");
        }
    }

    @TraceProcesses
    @ExtendWith(Neighbour.class)
    static class Everywhere {
        Everywhere() {
            mark("constructor");
        }

        @BeforeAll
        static void beforeAll(Tracer tracer) {
            keep("class", tracer);
            mark("beforeAll");
        }

        @AfterAll
        static void afterAll(Tracer tracer) {
            assertThat(tracer).isSameAs(Runs.tracer("class"));
            mark("afterAll");
        }

        @BeforeEach
        void beforeEach(Tracer tracer) {
            keep("test", tracer);
            mark("beforeEach");
        }

        @Test
        void shouldRun(Tracer tracer) {
            assertThat(tracer).isSameAs(Runs.tracer("test"));
            mark("test");
            assertThat(tracer.trace().session().endTime()).isNull();
        }

        @AfterEach
        void afterEach(Tracer tracer) {
            assertThat(tracer).isSameAs(Runs.tracer("test"));
            mark("afterEach");
        }
    }

    @Test
    void shouldTraceEveryMethodOfATest() {
        Runs.pass(reports, 1, Everywhere.class);

        Trace test = trace("test");
        assertThat(marks(test)).containsExactly("constructor", "neighbour", "beforeEach", "test", "afterEach");
        assertThat(marks("class")).containsExactly("beforeAll", "afterAll");
        assertThat(test.isComplete()).isTrue();
        SessionSpan session = test.session();
        assertThat(session.name()).isEqualTo("shouldRun(Tracer)");
        assertThat(session.traceId())
                .isEqualTo(test.traceId())
                .isNotEqualTo(trace("class").traceId());
        assertThat(session.parentSpanId()).isNull();
        assertThat(test.roots()).hasSize(5).allSatisfy(process -> {
            assertThat(process.parentSpanId()).isEqualTo(session.spanId());
            assertThat(process.startTime()).isAfter(session.startTime());
            assertThat(process.endTime()).isBefore(session.endTime());
        });
        assertThat(trace("class").session().name()).isEqualTo("TestKindsIT$Everywhere");
        assertThat(reports).isEmptyDirectory();
    }

    @TraceProcesses
    @TestInstance(Lifecycle.PER_CLASS)
    static class OneInstance {
        OneInstance() {
            mark("constructor");
        }

        @BeforeAll
        void beforeAll(Tracer tracer) {
            keep("class", tracer);
            mark("beforeAll");
        }

        @Test
        void one(Tracer tracer) {
            keep("one", tracer);
            mark("one");
        }

        @Test
        void two(Tracer tracer) {
            keep("two", tracer);
            mark("two");
        }
    }

    @Test
    void shouldTraceTheConstructorOfAClassWithOneInstanceWithTheClass() {
        Runs.pass(reports, 2, OneInstance.class);
        assertThat(marks("class")).containsExactly("constructor", "beforeAll");
        assertThat(marks("one")).containsExactly("one");
        assertThat(marks("two")).containsExactly("two");
    }

    static class MethodOnly {
        @BeforeEach
        void before() {
            mark("before");
        }

        @Test
        @TraceProcesses
        void traced(Tracer tracer) {
            keep("traced", tracer);
            mark("traced");
        }

        @Test
        void untraced() {
            mark("untraced");
        }
    }

    @Test
    void shouldTraceSingleMethods() {
        Runs.pass(reports, 2, MethodOnly.class);
        assertThat(marks("traced")).containsExactly("before", "traced");
    }
}
