package io.schedtrace.junit;

import io.schedtrace.Tracing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.platform.commons.PreconditionViolationException;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Follows the tests of each run of a session, and guards those of engines that have neither an extension nor an
 * adapter. JUnit calls it on the thread that runs the test.
 */
final class PlanListener implements TestExecutionListener {
    private static final String JUPITER = "junit-jupiter";

    /** Its tests are guarded by the adapter. */
    private static final String TESTNG = "testng";

    private static final String ENGINE = "engine";

    private final RunningTests tests = new RunningTests();
    private final List<String> failures = new ArrayList<>();
    private @Nullable Parameters parameters;
    private @Nullable GuardedTests guarded;
    private int unchecked;
    private @Nullable String whyUnchecked;

    @Override
    public synchronized void testPlanExecutionStarted(TestPlan plan) {
        RunningTests.push(tests);
        Parameters ofPlan = new Parameters(plan.getConfigurationParameters()::get);
        parameters = ofPlan;
        guarded = ofPlan.everyTest() ? new GuardedTests(ofPlan, tests) : null;
        if (TracedTests.runInParallel(plan, ofPlan) && Tracing.availability().available()) {
            tests.strays();
        }
    }

    @Override
    public synchronized void testPlanExecutionFinished(TestPlan plan) {
        RunningTests.remove(tests);
        if (guarded != null) {
            failures.addAll(guarded.close());
        } else if (parameters != null) {
            failures.addAll(tests.closeStrays(parameters.reportDirectory()));
        }
        if (unchecked > 0) {
            failures.add(unchecked + (unchecked == 1 ? " test" : " tests")
                    + " of engines whose tests nobody can skip: " + whyUnchecked + "; "
                    + WhenUnavailable.PARAMETER + "=" + WhenUnavailable.RUN_UNTRACED + " runs them unguarded");
            unchecked = 0;
        }
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        if (!isOf(test, JUPITER) && hasBaseline(test)) {
            add(type(test) + ", " + test.getDisplayName()
                    + ": only JUnit Jupiter can enforce a @TraceBaseline; make it a"
                    + " test of JUnit Jupiter, or remove the annotation");
        }
        GuardedTests guards = guarded;
        if (guards == null || isOf(test, JUPITER)) {
            if (test.isTest()) {
                tests.started(test.getUniqueId(), test.getDisplayName());
            }
        } else if (isGuardedHere(test)) {
            guards.start(test.getUniqueId(), test.getDisplayName(), test.isTest(), type(test), report(test));
        }
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        GuardedTests guards = guarded;
        if (guards == null || isOf(test, JUPITER)) {
            if (test.isTest()) {
                checkTraced(test, result);
                tests.finished(test.getUniqueId());
            }
        } else if (isGuardedHere(test)) {
            AssertionError broken =
                    guards.finish(test.getUniqueId(), result.getThrowable().orElse(null));
            if (broken != null) {
                add(test, broken, result.getStatus());
            }
        }
    }

    private synchronized void add(TestIdentifier test, AssertionError broken, Status status) {
        if (broken instanceof GuardedTests.UncheckedGuards) {
            if (status == Status.SUCCESSFUL) {
                unchecked++;
                whyUnchecked = broken.getMessage();
            }
            return;
        }
        add(type(test) + ", " + test.getDisplayName() + ": " + broken.getMessage());
    }

    @SuppressWarnings("SystemOut")
    private synchronized void add(String message) {
        failures.add(message);
        System.err.println("sched-trace: " + message);
    }

    private static boolean hasBaseline(TestIdentifier test) {
        try {
            return test.getSource().orElse(null) instanceof MethodSource method
                    && method.getJavaMethod().isAnnotationPresent(TraceBaseline.class);
        } catch (PreconditionViolationException | LinkageError e) {
            return false;
        }
    }

    /** With a trace for every test, a test of JUnit Jupiter that has none has passed unguarded. */
    private synchronized void checkTraced(TestIdentifier test, TestExecutionResult result) {
        if (guarded != null
                && result.getStatus() == Status.SUCCESSFUL
                && Tracing.availability().available()
                && !tests.wasTraced(test.getUniqueId())) {
            failures.add(
                    type(test) + ", " + test.getDisplayName() + " was not traced: JUnit Jupiter has not registered "
                            + EveryTestExtension.class.getName() + " for it; do not exclude it from the autodetection");
        }
    }

    /**
     * Fails if something was broken that no test has failed for.
     *
     * @throws AssertionError with all of it
     */
    synchronized void failIfBroken() {
        List<String> all = new ArrayList<>(failures);
        failures.clear();
        if (!all.isEmpty()) {
            throw new AssertionError("sched-trace fails the run:\n" + String.join("\n", all));
        }
    }

    private static boolean isGuardedHere(TestIdentifier test) {
        return test.getParentId().isPresent() && !isOf(test, TESTNG);
    }

    private static boolean isOf(TestIdentifier test, String engine) {
        List<UniqueId.Segment> segments = test.getUniqueIdObject().getSegments();
        Optional<UniqueId.Segment> last = segments.stream()
                .filter(segment -> segment.getType().equals(ENGINE))
                .reduce((first, second) -> second);
        return last.filter(segment -> segment.getValue().equals(engine)).isPresent();
    }

    private static String type(TestIdentifier test) {
        TestSource source = test.getSource().orElse(null);
        return source instanceof MethodSource method
                ? method.getClassName()
                : source instanceof ClassSource type
                        ? type.getClassName()
                        : test.getUniqueIdObject().getEngineId().orElse(ENGINE);
    }

    /** A name that no other test of the class has. */
    private static String report(TestIdentifier test) {
        if (test.getSource().filter(ClassSource.class::isInstance).isPresent() && !test.isTest()) {
            return "class";
        }
        boolean plain = test.getSource().orElse(null) instanceof MethodSource method
                && test.getDisplayName().equals(method.getMethodName());
        return plain
                ? test.getDisplayName()
                : test.getDisplayName()
                        + '.'
                        + Integer.toHexString(test.getUniqueId().hashCode());
    }
}
