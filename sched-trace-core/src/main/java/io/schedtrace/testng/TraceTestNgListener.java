package io.schedtrace.testng;

import io.schedtrace.junit.GuardedTests;
import io.schedtrace.junit.TraceBaseline;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.testng.IClassListener;
import org.testng.IExecutionListener;
import org.testng.IInvokedMethod;
import org.testng.IInvokedMethodListener;
import org.testng.ITestClass;
import org.testng.ITestResult;
import org.testng.SkipException;

/**
 * Traces and guards every test of TestNG if the system property {@code io.schedtrace.everyTest} is true. The settings
 * are system properties, which {@link io.schedtrace.junit.TraceProcesses} lists. TestNG finds this listener.
 *
 * <p>Each invocation of a test method has a trace of its own, and fails if it breaks a guard. What configuration
 * methods do, and what else happens in a class, belongs to a trace of the class; if that breaks a guard, the run fails
 * when it is over. Where tracing is not available, a test that has guards is skipped after it has run.
 */
public final class TraceTestNgListener implements IInvokedMethodListener, IClassListener, IExecutionListener {
    private static final String ID = "io.schedtrace.test";

    private final Map<String, Integer> invocations = new ConcurrentHashMap<>();
    private final List<String> failures = new ArrayList<>();
    private volatile @Nullable GuardedTests tests;

    /** For the {@link java.util.ServiceLoader}. */
    public TraceTestNgListener() {}

    @Override
    public void onExecutionStart() {
        tests = GuardedTests.ofSystemProperties();
    }

    /** @throws AssertionError if something was broken that no test has failed for */
    @Override
    public void onExecutionFinish() {
        GuardedTests guards = tests;
        if (guards == null) {
            return;
        }
        synchronized (failures) {
            failures.addAll(guards.close());
            if (!failures.isEmpty()) {
                throw new AssertionError("sched-trace fails the run:\n" + String.join("\n", failures));
            }
        }
    }

    @Override
    public void onBeforeClass(ITestClass type) {
        GuardedTests guards = tests;
        if (guards != null) {
            guards.start(id(type), type.getName(), false, type.getName(), "class");
        }
    }

    @Override
    @SuppressWarnings("SystemOut")
    public void onAfterClass(ITestClass type) {
        GuardedTests guards = tests;
        AssertionError broken = guards == null ? null : guards.finish(id(type), null);
        if (broken != null) {
            String message = type.getName() + ", outside of its tests: " + broken.getMessage();
            System.err.println("sched-trace: " + message);
            synchronized (failures) {
                failures.add(message);
            }
        }
    }

    /** Two tests of a suite may have the same class. */
    private static String id(ITestClass type) {
        return type.getName() + '@' + Integer.toHexString(System.identityHashCode(type));
    }

    @Override
    public void beforeInvocation(IInvokedMethod method, ITestResult result) {
        GuardedTests guards = tests;
        if (guards == null || !method.isTestMethod()) {
            return;
        }
        ITestClass type = method.getTestMethod().getTestClass();
        String name = method.getTestMethod().getMethodName();
        int number = invocations.merge(type.getName() + '/' + name, 1, Integer::sum);
        String numbered = number == 1 ? name : name + '.' + number;
        String id = id(type) + '/' + numbered;
        result.setAttribute(ID, id);
        guards.start(id, name, true, type.getName(), numbered);
    }

    private static boolean hasBaseline(IInvokedMethod method) {
        Method called = method.getTestMethod().getConstructorOrMethod().getMethod();
        return called != null && called.isAnnotationPresent(TraceBaseline.class);
    }

    @Override
    public void afterInvocation(IInvokedMethod method, ITestResult result) {
        if (method.isTestMethod() && hasBaseline(method)) {
            result.setStatus(ITestResult.FAILURE);
            result.setThrowable(
                    new AssertionError("only JUnit Jupiter can enforce a @TraceBaseline; remove the annotation"));
        }
        GuardedTests guards = tests;
        if (guards == null || !(result.getAttribute(ID) instanceof String id)) {
            return;
        }
        result.removeAttribute(ID);
        Throwable failure = result.getThrowable();
        AssertionError broken = guards.finish(id, failure);
        if (broken == null) {
            return;
        }
        if (failure != null) {
            failure.addSuppressed(broken);
        } else if (broken instanceof GuardedTests.UncheckedGuards) {
            result.setStatus(ITestResult.SKIP);
            result.setThrowable(new SkipException(broken.getMessage()));
        } else {
            result.setStatus(ITestResult.FAILURE);
            result.setThrowable(broken);
        }
    }
}
