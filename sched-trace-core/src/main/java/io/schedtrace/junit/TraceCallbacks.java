package io.schedtrace.junit;

import io.schedtrace.Tracer;
import io.schedtrace.Tracing;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.Optional;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Opens, enters and finishes traces as a test goes on.
 *
 * <p>The thread that runs a test belongs to its trace from {@code beforeEach} to {@code afterEach}; whatever other thread
 * JUnit or an extension makes run a method of it does so for that method. The class's trace is entered for single methods
 * only: between them, the thread makes workers for parallel tests, and they must not inherit it.
 */
abstract class TraceCallbacks
        implements ExecutionCondition,
                BeforeEachCallback,
                AfterEachCallback,
                AfterAllCallback,
                InvocationInterceptor,
                ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(TraceCallbacks.class);

    TraceCallbacks() {}

    /** Finds what holds for a test or class. */
    abstract Settings settings(ExtensionContext context);

    /** Whether it has to do with a test or class at all. */
    boolean traces(ExtensionContext context) {
        return true;
    }

    /**
     * What holds for a test or class, found once.
     *
     * @param skips whether the test does not run where tracing is not available
     */
    private record Known(Settings settings, boolean skips) {}

    private record Key(TraceCallbacks owner, Optional<AnnotatedElement> element) {}

    /** The invocations of a test share what its own context has. */
    private Known known(ExtensionContext context) {
        return store(context)
                .getOrComputeIfAbsent(new Key(this, context.getElement()), key -> find(context), Known.class);
    }

    private Known find(ExtensionContext context) {
        Settings settings = settings(context);
        return new Known(
                settings, TestRun.of(context).whenUnavailable(settings.whenUnavailable()) == WhenUnavailable.SKIP);
    }

    /** What holds for a test or class. */
    final Settings knownSettings(ExtensionContext context) {
        return known(context).settings;
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return traces(context) && known(context).skips
                ? TracingAvailableCondition.result(Tracing.availability(), context)
                : ConditionEvaluationResult.enabled("traced if tracing is available");
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        if (!traces(context)) {
            return;
        }
        boolean forks = context.getExecutionMode() == ExecutionMode.CONCURRENT
                && AnnotationSupport.isAnnotated(context.getElement(), TestFactory.class);
        TestTrace trace = trace(context);
        if (!forks) {
            trace.hold();
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        finish(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        finish(context);
    }

    private void finish(ExtensionContext context) {
        TestTrace trace = existing(context);
        if (trace != null && trace.owner() == this) {
            trace.finish(context, context.getExecutionException().orElse(null));
        }
    }

    /** The trace of a test or class; it is opened if there is none yet. */
    private TestTrace trace(ExtensionContext inner) {
        ExtensionContext context = owner(inner);
        TestTrace trace = existing(context);
        if (trace == null) {
            trace = TestTrace.open(this, context);
            store(context).put(context.getUniqueId(), trace);
        }
        if (trace.owner() != this) {
            throw new ExtensionConfigurationException(context.getDisplayName() + " is traced twice, by " + trace.owner()
                    + " and by " + this + "; keep one of them");
        }
        return trace;
    }

    /** A dynamic test belongs to its factory. */
    private static ExtensionContext owner(ExtensionContext context) {
        ExtensionContext owner = context;
        while (owner.getTestClass().isEmpty()) {
            owner = owner.getParent().orElseThrow();
        }
        return owner;
    }

    /** The trace of exactly this test or class: a store yields what the stores above it have, too. */
    private static TestTrace existing(ExtensionContext context) {
        return store(context).get(context.getUniqueId(), TestTrace.class);
    }

    static Store store(ExtensionContext context) {
        return context.getStore(NAMESPACE);
    }

    private <T> T within(Invocation<T> invocation, ExtensionContext context) throws Throwable {
        return traces(owner(context)) ? trace(context).call(invocation) : invocation.proceed();
    }

    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
        return ExtensionContextScope.TEST_METHOD;
    }

    /** JUnit may make the instance before it asks whether to skip the test. */
    @Override
    public <T> T interceptTestClassConstructor(
            Invocation<T> invocation, ReflectiveInvocationContext<Constructor<T>> at, ExtensionContext context)
            throws Throwable {
        if (!traces(context) || (known(context).skips && !Tracing.availability().available())) {
            return invocation.proceed();
        }
        try {
            return within(invocation, context);
        } catch (Throwable e) {
            finishEarly(context, e);
            throw e;
        }
    }

    /** After a constructor that fails, JUnit calls nothing of the test. */
    private static void finishEarly(ExtensionContext context, Throwable failure) {
        TestTrace trace = existing(context);
        if (trace != null) {
            try {
                trace.finish(context, failure);
            } catch (AssertionError e) {
                failure.addSuppressed(e);
            }
        }
    }

    @Override
    public void interceptBeforeAllMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> at, ExtensionContext context)
            throws Throwable {
        within(invocation, context);
    }

    @Override
    public void interceptBeforeEachMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> at, ExtensionContext context)
            throws Throwable {
        within(invocation, context);
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> at, ExtensionContext context)
            throws Throwable {
        within(invocation, context);
    }

    @Override
    public <T> T interceptTestFactoryMethod(
            Invocation<T> invocation, ReflectiveInvocationContext<Method> at, ExtensionContext context)
            throws Throwable {
        return within(invocation, context);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> at, ExtensionContext context)
            throws Throwable {
        within(invocation, context);
    }

    @Override
    public void interceptDynamicTest(
            Invocation<Void> invocation, DynamicTestInvocationContext at, ExtensionContext context) throws Throwable {
        within(invocation, context);
    }

    @Override
    public void interceptAfterEachMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> at, ExtensionContext context)
            throws Throwable {
        within(invocation, context);
    }

    @Override
    public void interceptAfterAllMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> at, ExtensionContext context)
            throws Throwable {
        within(invocation, context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Tracer.class && traces(owner(context));
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        if (parameter.getDeclaringExecutable() instanceof Constructor) {
            throw new ParameterResolutionException("a Tracer cannot be injected into a constructor ("
                    + parameter.getDeclaringExecutable() + "): each test has its own; let the test, @BeforeEach or"
                    + " @BeforeAll method have the parameter");
        }
        return trace(context).injected();
    }
}
