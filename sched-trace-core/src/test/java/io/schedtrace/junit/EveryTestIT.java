package io.schedtrace.junit;

import static io.schedtrace.junit.Runs.keep;
import static io.schedtrace.junit.Runs.mark;
import static io.schedtrace.junit.Runs.marks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.schedtrace.Tracer;
import io.schedtrace.lab.KernelTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** A suite without annotations: a dependency and two properties. */
@KernelTest
class EveryTestIT {
    @TempDir
    Path reports;

    /** Runs with the two properties and some more. */
    private TestExecutionSummary run(Map<String, String> more, Class<?>... classes) {
        Map<String, String> configuration = new HashMap<>(Map.of(
                "junit.jupiter.extensions.autodetection.enabled", "true",
                "junit.jupiter.execution.parallel.enabled", "false",
                "io.schedtrace.everyTest", "true"));
        configuration.putAll(more);
        return Runs.launch(reports, configuration, classes);
    }

    private static List<String> failures(TestExecutionSummary summary) {
        return summary.getFailures().stream()
                .map(failure -> failure.getTestIdentifier().getDisplayName() + ": "
                        + failure.getException().getMessage())
                .sorted()
                .toList();
    }

    private static void connect() throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));
        } catch (java.net.ConnectException e) {
            assertThat(e).hasMessageContaining("refused");
        }
    }

    static class Plain {
        static Process left;

        @Test
        void traced(Tracer tracer) {
            keep("traced", tracer);
            mark("traced");
        }

        @Test
        void leaks() throws Exception {
            left = new ProcessBuilder("sleep", "600").start();
        }

        @Test
        void connects() throws Exception {
            connect();
        }

        @Test
        void runs() throws Exception {
            new ProcessBuilder("date").start().waitFor();
        }

        @Nested
        class Inner {
            @ParameterizedTest
            @ValueSource(ints = {1, 2})
            void connectsTwice(int number) throws Exception {
                connect();
            }
        }

        @TestFactory
        Stream<DynamicTest> dynamic() {
            return Stream.of(DynamicTest.dynamicTest("one", EveryTestIT::connect));
        }
    }

    @Test
    void shouldTraceAndGuardTestsWithoutAnnotations() {
        Map<String, String> guards = Map.of(
                "io.schedtrace.leakedProcesses", "FAIL",
                "io.schedtrace.allowConnections", "db.test:5432, localhost:2",
                "io.schedtrace.allowProcesses", "true, sleep");
        try {
            List<String> failures = failures(run(guards, Plain.class));
            String forbidden = ": a connection that allowConnections = [db.test:5432, localhost:2] does not allow:\n";
            assertThat(failures).hasSize(6);
            assertThat(failures.get(0))
                    .startsWith("[1] number=1".substring(0, 3))
                    .contains(forbidden);
            assertThat(failures.get(1)).startsWith("[2]").contains(forbidden);
            assertThat(failures.get(2)).startsWith("connects()" + forbidden);
            assertThat(failures.get(3)).startsWith("dynamic()" + forbidden);
            assertThat(failures.get(4))
                    .startsWith("leaks(): 1 process of leaks() still running after it:\n  sleep 600");
            assertThat(failures.get(5))
                    .startsWith("runs(): a program that allowProcesses = [true, sleep] does not allow:\n  date");
            assertThat(marks("traced")).containsExactly("traced");
        } finally {
            Plain.left.destroyForcibly();
        }
    }

    static class BeforeAllConnects {
        @BeforeAll
        static void before() throws Exception {
            connect();
        }

        @Test
        void test() {}
    }

    @Test
    void shouldGuardTheClassToo() {
        assertThat(failures(run(Map.of("io.schedtrace.allowConnections", ""), BeforeAllConnects.class)))
                .singleElement()
                .satisfies(failure -> assertThat(failure)
                        .startsWith("EveryTestIT$BeforeAllConnects: a connection that allowConnections = []"));
    }

    @TraceProcesses
    static class OwnAnnotation {
        @Test
        void allowed() throws Exception {
            connect();
        }

        @Test
        @TraceProcesses(allowConnections = "localhost:3")
        void forbidden() throws Exception {
            connect();
        }
    }

    static class OwnExtension {
        @RegisterExtension
        final TraceExtension trace = TraceExtension.builder().build();

        @Test
        void allowed() throws Exception {
            connect();
        }
    }

    static class OwnOfOneTest {
        @Test
        @TraceProcesses
        void allowed() throws Exception {
            connect();
        }

        @Test
        void forbidden() throws Exception {
            connect();
        }
    }

    @Test
    void shouldLeaveTestsWithSettingsOfTheirOwn() {
        assertThat(failures(run(
                        Map.of("io.schedtrace.allowConnections", "localhost:2"),
                        OwnAnnotation.class,
                        OwnExtension.class,
                        OwnOfOneTest.class)))
                .satisfiesExactly(
                        first -> assertThat(first)
                                .startsWith("forbidden(): a connection that allowConnections = [localhost:2]"),
                        second -> assertThat(second)
                                .startsWith("forbidden(): a connection that allowConnections = [localhost:3]"));
    }

    static class NotTraced {
        @Test
        void connects() throws Exception {
            connect();
        }
    }

    @Test
    void shouldDoNothingUnlessAsked() {
        Map<String, String> off = Map.of("io.schedtrace.everyTest", "false", "io.schedtrace.allowConnections", "");
        assertThat(failures(run(off, NotTraced.class))).isEmpty();
    }

    @Test
    void shouldFailTheRunIfItsExtensionIsExcluded() {
        assertThatThrownBy(() -> run(
                        Map.of("junit.jupiter.extensions.autodetection.exclude", "io.schedtrace.*"), NotTraced.class))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(
                        "EveryTestIT$NotTraced, connects() was not traced: JUnit Jupiter has not registered"
                                + " io.schedtrace.junit.EveryTestExtension for it");
    }

    private void refuses(Map<String, String> configuration, String message) {
        assertThatThrownBy(() -> Runs.launch(reports, configuration, NotTraced.class))
                .hasMessage(message);
    }

    @Test
    void shouldRefuseMistakesBeforeAnyTestRuns() {
        refuses(
                Map.of("io.schedtrace.allowConection", "*"),
                "there is no parameter io.schedtrace.allowConection; did you mean io.schedtrace.allowConnections?");
        refuses(
                Map.of("io.schedtrace.everyTest", "true"),
                "io.schedtrace.everyTest does not work with JUnit Jupiter without"
                        + " junit.jupiter.extensions.autodetection.enabled; set both to true");
        refuses(
                Map.of("io.schedtrace.strays", "FAIL"),
                "io.schedtrace.strays has no effect without io.schedtrace.everyTest: set that to true to trace every test, or"
                        + " to false if you mean that");
        refuses(
                Map.of("io.schedtrace.whenUnavailable", "SKPI"),
                "io.schedtrace.whenUnavailable is 'SKPI'; it can be one of [AUTO, ABORT, SKIP, FAIL, RUN_UNTRACED]; did"
                        + " you mean SKIP?");
    }

    @Test
    void shouldRefuseMistakesInSystemPropertiesWithoutALauncher() {
        System.setProperty("io.schedtrace.everyTst", "true");
        try {
            assertThat(Runs.failure(Runs.run(reports, OwnExtension.class)))
                    .hasStackTraceContaining(
                            "there is no parameter io.schedtrace.everyTst; did you mean io.schedtrace.everyTest?");
        } finally {
            System.clearProperty("io.schedtrace.everyTst");
        }
    }
}
