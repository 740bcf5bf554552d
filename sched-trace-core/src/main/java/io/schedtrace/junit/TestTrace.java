package io.schedtrace.junit;

import io.schedtrace.ProcessTreeTracer;
import io.schedtrace.ThreadScope;
import io.schedtrace.Tracer;
import io.schedtrace.Tracing;
import io.schedtrace.internal.text.Ascii;
import io.schedtrace.model.Availability;
import io.schedtrace.model.Trace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor.Invocation;
import org.opentest4j.TestAbortedException;

/**
 * The trace of one test or class, from its first constructor or method to its last. It lives in the store of its
 * context, which closes it if nobody has finished it.
 */
final class TestTrace implements AutoCloseable {
    private final TraceCallbacks owner;
    private final Settings settings;
    private final @Nullable GuardedTrace guarded;
    private final @Nullable Availability unavailable;
    private final Baselines.@Nullable Baseline baseline;
    private final TestTracer injected;
    private volatile @Nullable Thread holder;
    private @Nullable ThreadScope held;
    private volatile boolean failedBelow;
    private boolean finished;

    private TestTrace(TraceCallbacks owner, Settings settings, GuardedTrace guarded, TracedTest test) {
        this.owner = owner;
        this.settings = settings;
        this.guarded = guarded;
        this.unavailable = null;
        this.baseline = test.baseline();
        this.injected = new TestTracer(guarded.tracer(), test.name());
    }

    /** One that traces nothing. */
    private TestTrace(
            TraceCallbacks owner, Settings settings, Availability unavailable, boolean aborts, TracedTest test) {
        this.owner = owner;
        this.settings = settings;
        this.guarded = null;
        this.unavailable = aborts ? unavailable : null;
        this.baseline = test.baseline();
        this.injected = new TestTracer(new UntracedTracer(unavailable, aborts), test.name());
    }

    static TestTrace open(TraceCallbacks owner, ExtensionContext context) {
        Settings settings = owner.knownSettings(context);
        Availability availability = Tracing.availability();
        TestRun run = TestRun.of(context);
        TracedTest test = JupiterTests.of(context);
        if (availability.available()) {
            GuardedTrace guarded = GuardedTrace.open(
                    test, settings, run.tests(), run.parameters().reportDirectory());
            return new TestTrace(owner, settings, guarded, test);
        }
        if (test.isTest()) {
            run.untraced().add(1, availability);
        }
        WhenUnavailable choice = run.whenUnavailable(settings.whenUnavailable());
        if (choice == WhenUnavailable.FAIL) {
            TracingAvailableCondition.require(availability);
        }
        return new TestTrace(owner, settings, availability, choice != WhenUnavailable.RUN_UNTRACED, test);
    }

    /** The extension that made it. */
    TraceCallbacks owner() {
        return owner;
    }

    /** What a test gets for its parameter. */
    Tracer injected() {
        return injected;
    }

    /** Makes the calling thread part of the trace until the end. */
    void hold() {
        if (guarded != null) {
            held = guarded.tracer().enter();
            holder = Thread.currentThread();
        }
    }

    /** Runs something in the trace, on whatever thread. */
    @SuppressWarnings("try")
    <T> T call(Invocation<T> work) throws Throwable {
        ProcessTreeTracer tracer = guarded == null ? null : guarded.tracer();
        if (tracer == null || (Thread.currentThread() == holder && tracer.isEntered())) {
            return work.proceed();
        }
        try (ThreadScope scope = tracer.enter()) {
            return work.proceed();
        }
    }

    /**
     * Ends the trace, checks and reports it. Does nothing the second time.
     *
     * @param failure why the test has failed, and what the tree is hung on; null if it has not
     * @throws AssertionError if the settings make what it shows a failure
     * @throws TestAbortedException if the test has guards that cannot be checked here
     */
    void finish(ExtensionContext context, @Nullable Throwable failure) {
        if (finished) {
            return;
        }
        finished = true;
        boolean interrupted = Thread.interrupted();
        try {
            List<String> failures = new ArrayList<>();
            release(failures);
            if (guarded != null) {
                guarded.check(failure == null, failures);
                injected.end();
                conclude(guarded, failures, context, failure instanceof TestAbortedException ? null : failure);
            } else if (!failures.isEmpty()) {
                throw new AssertionError(Ascii.ifNeeded(String.join("\n", failures)));
            } else if (failure == null) {
                abortIfGuarded(context);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A test must not pass with guards that nobody has checked. The tests of a class tell of it, not the class. */
    private void abortIfGuarded(ExtensionContext context) {
        List<String> guards = new ArrayList<>(settings.guards());
        if (baseline != null) {
            guards.add(baseline.toString());
        }
        if (unavailable != null && context.getTestMethod().isPresent() && !guards.isEmpty()) {
            throw new TestAbortedException(UntracedTests.unchecked(guards, unavailable));
        }
    }

    private void release(List<String> failures) {
        ThreadScope scope = held;
        held = null;
        holder = null;
        if (scope != null) {
            try {
                scope.close();
            } catch (IllegalStateException e) {
                failures.add(String.valueOf(e.getMessage()));
            }
        }
    }

    private void conclude(
            GuardedTrace trace, List<String> failures, ExtensionContext context, @Nullable Throwable failure) {
        boolean failed = failure != null || !failures.isEmpty();
        AssertionError ours = trace.conclude(failures, failure, failed ? around(context) : List.of(), failedBelow);
        if (ours != null) {
            throw ours;
        }
    }

    /**
     * The traces of the classes around a failed test, as they are now, unless an earlier failure has shown them. They
     * will be reported, too.
     */
    private static List<Trace> around(ExtensionContext failed) {
        List<Trace> traces = new ArrayList<>();
        for (ExtensionContext at = failed.getParent().orElse(null);
                at != null;
                at = at.getParent().orElse(null)) {
            TestTrace trace = TraceCallbacks.store(at).get(at.getUniqueId(), TestTrace.class);
            if (trace != null && trace.guarded != null) {
                if (!trace.failedBelow) {
                    traces.add(trace.guarded.tracer().trace());
                }
                trace.failedBelow = true;
            }
        }
        return traces;
    }

    @Override
    public void close() {
        injected.end();
        if (guarded != null) {
            guarded.close();
        }
    }
}
