package io.schedtrace.junit;

import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Looks for traced tests before any test runs. */
final class TracedTests {
    private static final String PARALLEL = "junit.jupiter.execution.parallel.enabled";

    private TracedTests() {}

    /**
     * Whether traced tests may run at the same time as others. The others must be kept apart from the beginning: a test
     * that has begun before the first traced one cannot be told from the rest of the JVM.
     */
    static boolean runInParallel(TestPlan plan, Parameters parameters) {
        return plan.getConfigurationParameters().getBoolean(PARALLEL).orElse(false)
                && (parameters.everyTest() || plan.getRoots().stream().anyMatch(root -> isTraced(plan, root)));
    }

    private static boolean isTraced(TestPlan plan, TestIdentifier test) {
        return test.getSource().filter(TracedTests::isTraced).isPresent()
                || plan.getChildren(test).stream().anyMatch(child -> isTraced(plan, child));
    }

    private static boolean isTraced(TestSource source) {
        if (source instanceof ClassSource of) {
            Class<?> testClass = of.getJavaClass();
            return JupiterTests.isAnnotated(testClass) || JupiterTests.hasExtension(testClass);
        }
        return source instanceof MethodSource of && JupiterTests.isAnnotated(of.getJavaMethod());
    }
}
