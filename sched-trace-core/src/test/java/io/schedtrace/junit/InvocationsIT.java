package io.schedtrace.junit;

import static io.schedtrace.junit.Runs.keep;
import static io.schedtrace.junit.Runs.mark;
import static io.schedtrace.junit.Runs.marks;
import static io.schedtrace.junit.Runs.trace;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.schedtrace.Tracer;
import io.schedtrace.lab.KernelTest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that run more than once, and tests made by tests. */
@KernelTest
class InvocationsIT {
    @TempDir
    Path reports;

    /** Two invocations. */
    static final class Twice implements TestTemplateInvocationContextProvider {
        @Override
        public boolean supportsTestTemplate(ExtensionContext context) {
            return true;
        }

        @Override
        public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(ExtensionContext context) {
            return Stream.of(new TestTemplateInvocationContext() {}, new TestTemplateInvocationContext() {});
        }
    }

    @TraceProcesses(alwaysReport = true)
    static class Invocations {
        @ParameterizedTest
        @ValueSource(strings = {"a", "b"})
        void parameterized(String value, Tracer tracer) {
            keep("parameterized " + value, tracer);
            mark(value);
        }

        @RepeatedTest(2)
        void repeated(RepetitionInfo info, Tracer tracer) {
            keep("repeated " + info.getCurrentRepetition(), tracer);
            mark(String.valueOf(info.getCurrentRepetition()));
        }

        @TestTemplate
        @ExtendWith(Twice.class)
        void template(TestInfo info, Tracer tracer) {
            keep("template " + info.getDisplayName(), tracer);
            mark(info.getDisplayName());
        }

        @Nested
        class Inner {
            @Test
            void nested(Tracer tracer) {
                keep("nested", tracer);
                mark("nested");
            }
        }
    }

    @Test
    void shouldGiveEachInvocationATraceOfItsOwn() {
        Runs.pass(reports, 7, Invocations.class);
        for (String name : List.of("parameterized a", "parameterized b", "repeated 1", "repeated 2")) {
            assertThat(marks(name)).containsExactly(name.substring(name.indexOf(' ') + 1));
        }
        assertThat(marks("template [1]")).containsExactly("[1]");
        assertThat(marks("template [2]")).containsExactly("[2]");
        assertThat(marks("nested")).containsExactly("nested");
        assertThat(trace("parameterized a").session().name()).contains("a");
        assertThat(reports.resolve(Invocations.class.getName()))
                .isDirectoryContaining("glob:**/parameterized-1.txt")
                .isDirectoryContaining("glob:**/parameterized-2.txt")
                .isDirectoryContaining("glob:**/repeated-2.json")
                .isDirectoryContaining("glob:**/template-1.json");
        assertThat(reports.resolve(Invocations.Inner.class.getName())).isDirectoryContaining("glob:**/nested.txt");
    }

    @TraceProcesses
    static class Factory {
        @BeforeEach
        void before(Tracer tracer) {
            keep("factory", tracer);
            mark("before");
        }

        @TestFactory
        Stream<DynamicTest> dynamic() {
            mark("factory");
            return IntStream.range(0, 4).mapToObj(i -> dynamicTest("number " + i, () -> mark("dynamic " + i)));
        }

        @AfterEach
        void after() {
            mark("after");
        }
    }

    @Test
    void shouldTraceDynamicTestsWithTheirFactory() {
        Runs.pass(reports, 4, Factory.class);
        assertThat(marks("factory"))
                .containsExactly("before", "factory", "dynamic 0", "dynamic 1", "dynamic 2", "dynamic 3", "after");
    }

    @Test
    void shouldTraceDynamicTestsOnOtherThreads() {
        Runs.pass(
                reports,
                4,
                Map.of(
                        "junit.jupiter.execution.parallel.enabled", "true",
                        "junit.jupiter.execution.parallel.mode.default", "concurrent",
                        "junit.jupiter.execution.parallel.config.strategy", "fixed",
                        "junit.jupiter.execution.parallel.config.fixed.parallelism", "4"),
                Factory.class);
        assertThat(marks("factory"))
                .containsExactlyInAnyOrder(
                        "before", "factory", "dynamic 0", "dynamic 1", "dynamic 2", "dynamic 3", "after")
                .startsWith("before", "factory")
                .endsWith("after");
    }
}
