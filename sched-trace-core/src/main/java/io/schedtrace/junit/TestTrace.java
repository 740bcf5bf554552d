package io.schedtrace.junit;

import io.schedtrace.ProcessTreeTracer;
import io.schedtrace.ThreadScope;
import io.schedtrace.Tracer;
import io.schedtrace.Tracing;
import io.schedtrace.internal.text.Ascii;
import io.schedtrace.model.Availability;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TraceParent;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor.Invocation;
import org.opentest4j.TestAbortedException;

/**
 * The trace of one test or class, from its first constructor or method to its last. It lives in the store of its context,
 * which closes it if nobody has finished it.
 */
final class TestTrace implements AutoCloseable {
    private static final @Nullable TraceParent RUN = run();

    private final TraceCallbacks owner;
    private final Settings settings;
    private final TestRun run;
    private final @Nullable ProcessTreeTracer tracer;
    private final @Nullable Availability unavailable;
    private final TestTracer injected;
    private final RunningTest running;
    private volatile @Nullable Thread holder;
    private @Nullable ThreadScope held;
    private volatile boolean failedBelow;
    private boolean finished;

    private TestTrace(
            TraceCallbacks owner, Settings settings, TestRun run, RunningTest running, ProcessTreeTracer tracer) {
        this.owner = owner;
        this.settings = settings;
        this.run = run;
        this.running = running;
        this.tracer = tracer;
        this.unavailable = null;
        this.injected = new TestTracer(tracer, running.name());
    }

    /** One that traces nothing. */
    private TestTrace(
            TraceCallbacks owner,
            Settings settings,
            TestRun run,
            RunningTest running,
            Availability unavailable,
            boolean aborts) {
        this.owner = owner;
        this.settings = settings;
        this.run = run;
        this.running = running;
        this.tracer = null;
        this.unavailable = aborts ? unavailable : null;
        this.injected = new TestTracer(new UntracedTracer(unavailable, aborts), running.name());
    }

    static TestTrace open(TraceCallbacks owner, ExtensionContext context) {
        Settings settings = owner.knownSettings(context);
        Availability availability = Tracing.availability();
        TestRun run = TestRun.of(context);
        RunningTest running = new RunningTest(context.getUniqueId(), context.getDisplayName(), settings);
        if (!availability.available()) {
            if (context.getTestMethod().isPresent()) {
                run.countUntraced(1, availability);
            }
            WhenUnavailable choice = Settings.whenUnavailable(context, settings.whenUnavailable());
            if (choice == WhenUnavailable.FAIL) {
                TracingAvailableCondition.require(availability);
            }
            return new TestTrace(owner, settings, run, running, availability, choice != WhenUnavailable.RUN_UNTRACED);
        }
        ProcessTreeTracer.Builder builder = ProcessTreeTracer.builder();
        if (RUN != null) {
            builder.parent(RUN);
        }
        settings.tracer().accept(builder);
        ProcessTreeTracer tracer = builder.sessionName(running.name()).open();
        run.tests().strays();
        run.tests().opened(running, tracer);
        return new TestTrace(owner, settings, run, running, tracer);
    }

    /** The span that this run of tests is part of; null if the environment tells of none. */
    private static @Nullable TraceParent run() {
        try {
            return TraceParent.ofEnvironment();
        } catch (IllegalArgumentException e) {
            System.getLogger("io.schedtrace").log(Level.WARNING, "TRACEPARENT is ignored: {0}", e.getMessage());
            return null;
        }
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
        if (tracer != null) {
            held = tracer.enter();
            holder = Thread.currentThread();
        }
    }

    /** Runs something in the trace, on whatever thread. */
    @SuppressWarnings("try")
    <T> T call(Invocation<T> work) throws Throwable {
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
            if (tracer != null) {
                check(tracer, context, failures);
                conclude(tracer.trace(), failures, context, failure instanceof TestAbortedException ? null : failure);
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

    private void check(ProcessTreeTracer open, ExtensionContext context, List<String> failures) {
        Checks checks = new Checks(settings, context, failures);
        // First: what other threads of the JVM start from now on is not the test's, and was not looked for.
        run.tests().closed(running);
        checks.leaks(open);
        try {
            run.tests().strays().check(running, settings, failures);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failures.add("interrupted while looking for strays that still run");
        }
        close();
        checks.trace(open.trace());
    }

    /** A test must not pass with guards that nobody has checked. The tests of a class tell of it, not the class. */
    private void abortIfGuarded(ExtensionContext context) {
        if (unavailable != null
                && context.getTestMethod().isPresent()
                && !settings.guards().isEmpty()) {
            throw new TestAbortedException(String.join(", ", settings.guards()) + " cannot be checked: "
                    + TracingAvailableCondition.reason(unavailable));
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

    private void conclude(Trace trace, List<String> failures, ExtensionContext context, @Nullable Throwable failure) {
        AssertionError ours =
                failures.isEmpty() ? null : new AssertionError(Ascii.ifNeeded(String.join("\n", failures)));
        Throwable shown = failure == null ? ours : failure;
        if (shown != null) {
            TreeOfTest.attach(shown, trace, around(context), ReportFiles.write(trace, context));
        } else if (failedBelow || settings.alwaysReport()) {
            ReportFiles.write(trace, context);
        }
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
            if (trace != null && trace.tracer != null) {
                if (!trace.failedBelow) {
                    traces.add(trace.tracer.trace());
                }
                trace.failedBelow = true;
            }
        }
        return traces;
    }

    @Override
    public void close() {
        injected.end();
        if (tracer != null) {
            run.tests().closed(running);
            tracer.close();
        }
    }
}
