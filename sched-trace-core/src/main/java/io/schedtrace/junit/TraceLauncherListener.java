package io.schedtrace.junit;

import io.schedtrace.Tracing;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Tells the extension which tests are running, also those that are not traced: what these do is kept out of the traces of
 * others. JUnit's launcher finds this listener and calls it on the thread that runs the test.
 *
 * <p>On the class path there is nothing to do. On the module path, put {@code provides
 * org.junit.platform.launcher.TestExecutionListener} with a subclass into a module of the tests: a named module can only
 * provide a service whose interface is there, and JUnit is optional for this one.
 */
public class TraceLauncherListener implements TestExecutionListener {
    private final RunningTests tests = new RunningTests();

    /** For the {@link java.util.ServiceLoader}. */
    public TraceLauncherListener() {}

    @Override
    public void testPlanExecutionStarted(TestPlan plan) {
        RunningTests.push(tests);
        if (TracedTests.runInParallel(plan) && Tracing.availability().available()) {
            tests.strays();
        }
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        RunningTests.remove(tests);
        tests.closeStrays(ReportDirectory.of(plan.getConfigurationParameters()));
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        if (test.isTest()) {
            tests.started(test.getUniqueId(), test.getDisplayName());
        }
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (test.isTest()) {
            tests.finished(test.getUniqueId());
        }
    }
}
