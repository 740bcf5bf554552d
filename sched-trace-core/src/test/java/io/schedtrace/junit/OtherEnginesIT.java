package io.schedtrace.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.schedtrace.lab.KernelTest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.EngineDiscoveryRequest;
import org.junit.platform.engine.ExecutionRequest;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestEngine;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.support.descriptor.AbstractTestDescriptor;
import org.junit.platform.engine.support.descriptor.EngineDescriptor;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** An engine that has neither an extension nor an adapter. {@code src/it/engines} has real ones. */
@KernelTest
class OtherEnginesIT {
    @TempDir
    Path reports;

    /** Runs some code as tests, in a class. */
    private static final class Engine implements TestEngine {
        private final Map<String, Executable> tests;
        private Executable before = () -> {};
        private TestSource source;

        Engine(Map<String, Executable> tests) {
            this.tests = new LinkedHashMap<>(tests);
        }

        @Override
        public String getId() {
            return "other";
        }

        @Override
        public TestDescriptor discover(EngineDiscoveryRequest request, UniqueId id) {
            EngineDescriptor engine = new EngineDescriptor(id, "Other");
            Node type = new Node(id.append("class", "Some"), "Some", TestDescriptor.Type.CONTAINER);
            engine.addChild(type);
            tests.keySet()
                    .forEach(name -> type.addChild(
                            new Node(type.getUniqueId().append("test", name), name, TestDescriptor.Type.TEST, source)));
            return engine;
        }

        @Override
        public void execute(ExecutionRequest request) {
            run(request, request.getRootTestDescriptor());
        }

        private void run(ExecutionRequest request, TestDescriptor at) {
            request.getEngineExecutionListener().executionStarted(at);
            TestExecutionResult result = TestExecutionResult.successful();
            try {
                if (at.isTest()) {
                    tests.get(at.getDisplayName()).execute();
                } else if (at.getParent().isPresent()) {
                    before.execute();
                }
            } catch (Throwable e) {
                result = TestExecutionResult.failed(e);
            }
            at.getChildren().forEach(child -> run(request, child));
            request.getEngineExecutionListener().executionFinished(at, result);
        }
    }

    private static final class Node extends AbstractTestDescriptor {
        private final Type type;

        Node(UniqueId id, String name, Type type) {
            this(id, name, type, null);
        }

        Node(UniqueId id, String name, Type type, TestSource source) {
            super(id, name, source);
            this.type = type;
        }

        @Override
        public Type getType() {
            return type;
        }
    }

    private static void run(Path reports, Engine engine, Map<String, String> configuration) {
        LauncherFactory.create(LauncherConfig.builder()
                        .enableTestEngineAutoRegistration(false)
                        .addTestEngines(engine)
                        .build())
                .execute(LauncherDiscoveryRequestBuilder.request()
                        .configurationParameter(TraceProcesses.REPORT_DIRECTORY, reports.toString())
                        .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true")
                        .configurationParameter("io.schedtrace.everyTest", "true")
                        .configurationParameters(configuration)
                        .build());
    }

    private static void connect() throws Exception {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));
        } catch (java.net.ConnectException e) {
            assertThat(e).hasMessageContaining("refused");
        }
    }

    private static final Map<String, String> NO_CONNECTIONS = Map.of("io.schedtrace.allowConnections", "");

    @Test
    void shouldFailTheRunWithTheTestThatBreaksAGuard() {
        Engine engine = new Engine(Map.of("harmless", () -> {}, "connects", OtherEnginesIT::connect));
        assertThatThrownBy(() -> run(reports, engine, NO_CONNECTIONS))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith(
                        "sched-trace fails the run:\nother, connects: a connection that allowConnections = []"
                                + " does not allow:\n  a thread of the test itself")
                .hasMessageNotContaining("harmless");
        assertThat(reports.resolve("other")).isDirectoryContaining("glob:**/connects.*.txt");
    }

    @Test
    void shouldFailTheRunWithTheClassThatBreaksAGuard() {
        Engine engine = new Engine(Map.of("harmless", () -> {}));
        engine.before = OtherEnginesIT::connect;
        assertThatThrownBy(() -> run(reports, engine, NO_CONNECTIONS))
                .hasMessageStartingWith("sched-trace fails the run:\nother, Some: a connection that");
    }

    static class WithBaseline {
        @TraceBaseline("tree")
        public void test() {}
    }

    @Test
    void shouldFailTheRunWithABaselineThatItCannotEnforce() {
        Engine engine = new Engine(Map.of("test", () -> {}));
        engine.source = MethodSource.from(WithBaseline.class.getName(), "test");
        assertThatThrownBy(() -> run(reports, engine, Map.of("io.schedtrace.everyTest", "false")))
                .hasMessageContaining(
                        "WithBaseline, test: only JUnit Jupiter can enforce a @TraceBaseline; make it a test of"
                                + " JUnit Jupiter, or remove the annotation");
    }

    @Test
    void shouldPassWhatBreaksNone() {
        run(reports, new Engine(Map.of("connects", OtherEnginesIT::connect)), Map.of());
        run(reports, new Engine(Map.of("harmless", () -> {})), NO_CONNECTIONS);
        run(
                reports,
                new Engine(Map.of("connects", OtherEnginesIT::connect)),
                Map.of("io.schedtrace.everyTest", "false"));
    }

    /** Runs such tests where tracing is not available. */
    static class InChild {
        @TempDir
        Path reports;

        private Throwable run(String whenUnavailable, Map<String, String> guards) {
            Map<String, String> configuration = new LinkedHashMap<>(guards);
            configuration.put(WhenUnavailable.PARAMETER, whenUnavailable);
            return catchThrowable(() ->
                    OtherEnginesIT.run(reports, new Engine(Map.of("one", () -> {}, "two", () -> {})), configuration));
        }

        @Test
        void guarded() {
            assertThat(run("ABORT", NO_CONNECTIONS))
                    .hasMessageStartingWith(
                            "sched-trace fails the run:\n2 tests of engines whose tests nobody can skip:"
                                    + " allowConnections = [] cannot be checked: tracing is not available: NO_CAPABILITY: ")
                    .hasMessageEndingWith("; io.schedtrace.whenUnavailable=RUN_UNTRACED runs them unguarded");
        }

        @Test
        void others() {
            assertThat(run("FAIL", Map.of()))
                    .hasMessageContaining("other, one: tracing is not available: NO_CAPABILITY: ")
                    .hasMessageContaining("other, two: tracing is not available: NO_CAPABILITY: ");
            assertThat(run("ABORT", Map.of())).isNull();
            assertThat(run("RUN_UNTRACED", NO_CONNECTIONS)).isNull();
        }
    }

    @Test
    void shouldNotPassWithGuardsThatCannotBeChecked() throws Exception {
        assertThat(new ChildJvm().withoutCapabilities().run(InChild.class))
                .contains("SUCCESSFUL guarded()", "SUCCESSFUL others()")
                .contains("sched-trace: 2 tests were not traced: the capabilities CAP_BPF");
    }
}
