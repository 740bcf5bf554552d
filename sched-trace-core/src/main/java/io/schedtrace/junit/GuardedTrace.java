package io.schedtrace.junit;

import io.schedtrace.ProcessTreeTracer;
import io.schedtrace.internal.text.Ascii;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TraceParent;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The trace of one test or class, and what its guards say of it in the end. */
final class GuardedTrace {
    private static final @Nullable TraceParent RUN = run();

    private final TracedTest test;
    private final Settings settings;
    private final RunningTests tests;
    private final RunningTest running;
    private final ProcessTreeTracer tracer;
    private final @Nullable ForbiddenKiller killer;
    private final Path reports;

    private GuardedTrace(
            TracedTest test,
            Settings settings,
            RunningTests tests,
            RunningTest running,
            ProcessTreeTracer tracer,
            @Nullable ForbiddenKiller killer,
            Path reports) {
        this.test = test;
        this.settings = settings;
        this.tests = tests;
        this.running = running;
        this.tracer = tracer;
        this.killer = killer;
        this.reports = reports;
    }

    /** @param reports the directory of reports */
    static GuardedTrace open(TracedTest test, Settings settings, RunningTests tests, Path reports) {
        RunningTest running = new RunningTest(test.id(), test.name(), settings);
        ProcessTreeTracer.Builder builder = ProcessTreeTracer.builder();
        if (RUN != null) {
            builder.parent(RUN);
        }
        settings.tracer().accept(builder);
        ForbiddenKiller killer = settings.onForbidden() == OnForbidden.KILL ? new ForbiddenKiller(settings) : null;
        if (killer != null) {
            builder.listener(killer);
        }
        ProcessTreeTracer tracer = builder.sessionName(test.name()).open();
        if (killer != null) {
            killer.killBy(tracer);
        }
        tests.strays();
        tests.opened(running, tracer);
        return new GuardedTrace(test, settings, tests, running, tracer, killer, reports);
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

    ProcessTreeTracer tracer() {
        return tracer;
    }

    /**
     * Ends the trace and asks its guards.
     *
     * @param passed whether the test has not failed by itself: only then its baseline counts
     * @param failures gets a message for each guard that is broken
     */
    void check(boolean passed, List<String> failures) {
        Checks checks = new Checks(settings, test, failures);
        // First: what other threads of the JVM start from now on is not the test's, and was not looked for.
        tests.closed(running);
        checks.leaks(tracer);
        try {
            tests.strays().check(running, settings, failures);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failures.add("interrupted while looking for strays that still run");
        }
        close();
        Trace trace = tracer.trace();
        checks.trace(trace);
        if (killer != null) {
            killer.tell(trace, failures);
        }
        Baselines.Baseline baseline = test.baseline();
        if (baseline != null && passed && failures.isEmpty()) {
            baseline.check(trace, failures);
        }
    }

    /**
     * Reports the test if it has failed, or if {@code always}.
     *
     * @param failures what {@link #check} has found
     * @param failure why the test has failed by itself, and what the tree is hung on; null if it has not
     * @param around the traces that are shown with this one
     * @return what the guards have found; null if nothing
     */
    @Nullable
    AssertionError conclude(List<String> failures, @Nullable Throwable failure, List<Trace> around, boolean always) {
        AssertionError ours =
                failures.isEmpty() ? null : new AssertionError(Ascii.ifNeeded(String.join("\n", failures)));
        Throwable shown = failure == null ? ours : failure;
        if (shown != null) {
            TreeOfTest.attach(shown, tracer.trace(), around, ReportFiles.write(tracer.trace(), test, reports, shown));
        } else if (always || settings.alwaysReport()) {
            ReportFiles.write(tracer.trace(), test, reports, null);
        } else {
            ReportIndex.passed(reports, test);
        }
        return ours;
    }

    /** The same in one step, without other traces. */
    @Nullable
    AssertionError finish(@Nullable Throwable failure) {
        List<String> failures = new ArrayList<>();
        check(failure == null, failures);
        return conclude(failures, failure, List.of(), false);
    }

    /** Ends the trace. Does nothing the second time. */
    void close() {
        tests.closed(running);
        tracer.close();
    }
}
