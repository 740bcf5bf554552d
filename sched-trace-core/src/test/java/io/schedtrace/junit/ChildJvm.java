package io.schedtrace.junit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs the tests of a class in a JVM of its own, and tells what became of them: a line a test and container. */
final class ChildJvm {
    private final List<String> before = new ArrayList<>();
    private final List<String> options = new ArrayList<>();
    private final Map<String, String> variables = new HashMap<>();
    private String withoutJars = "none";

    /** In front of {@code java}. */
    ChildJvm under(String... command) {
        before.addAll(List.of(command));
        return this;
    }

    /** Without the capabilities that tracing needs. */
    ChildJvm withoutCapabilities() {
        return under("setpriv", "--bounding-set=-bpf,-perfmon,-sys_admin", "--inh-caps=-bpf,-perfmon,-sys_admin", "--");
    }

    ChildJvm option(String option) {
        options.add(option);
        return this;
    }

    /** With {@code SCHED_TRACE_REQUIRE=1} in the environment. */
    ChildJvm require() {
        return variable(WhenUnavailable.REQUIRE, "1");
    }

    /** With that in the environment. */
    ChildJvm variable(String name, String value) {
        variables.put(name, value);
        return this;
    }

    /** Without the jars of that name on the class path. */
    ChildJvm without(String jars) {
        withoutJars = jars;
        return this;
    }

    /** What {@link #main} prints. */
    String run(Class<?> test) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(), ChildJvm.class.getName(), test.getName()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.remove(WhenUnavailable.REQUIRE);
        environment.remove("CI");
        environment.putAll(variables);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    private String classPath() {
        String surefire = System.getProperty("surefire.test.class.path");
        String all = surefire == null ? System.getProperty("java.class.path") : surefire;
        return Arrays.stream(all.split(":"))
                .filter(entry -> !Path.of(entry).getFileName().toString().startsWith(withoutJars))
                .collect(Collectors.joining(":"));
    }

    /** Runs the tests of the class that is named. */
    public static void main(String... args) throws Exception {
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(Class.forName(args[0])))
                                .build(),
                        new TestExecutionListener() {
                            @Override
                            public void executionSkipped(TestIdentifier test, String reason) {
                                System.out.println("skipped " + test.getDisplayName() + ": " + reason);
                            }

                            @Override
                            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                                System.out.println(result.getStatus() + " " + test.getDisplayName() + ": "
                                        + result.getThrowable().orElse(null));
                                result.getThrowable().ifPresent(failure -> failure.printStackTrace(System.out));
                            }
                        });
    }
}
