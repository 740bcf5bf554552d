package io.schedtrace.junit;

import io.schedtrace.model.Availability;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What the tests of one run of JUnit share: the trace of strays, and the count of tests that could not be traced. It is in
 * the store of the root context, which closes it when all tests are over.
 */
final class TestRun implements AutoCloseable {
    private final RunningTests tests = RunningTests.current();
    private final ReportDirectory reports;
    private @Nullable Availability unavailable;
    private int untraced;

    private TestRun(ExtensionContext context) {
        this.reports = ReportDirectory.of(context);
    }

    static TestRun of(ExtensionContext context) {
        return TraceCallbacks.store(context.getRoot())
                .getOrComputeIfAbsent(TestRun.class, key -> new TestRun(context), TestRun.class);
    }

    RunningTests tests() {
        return tests;
    }

    /** Counts tests that cannot be traced. */
    synchronized void countUntraced(int count, Availability why) {
        untraced += count;
        unavailable = why;
    }

    /**
     * Ends the run and tells what nobody may overlook.
     *
     * @throws AssertionError if a stray breaks the guard of a test that is over; the run fails then
     */
    @Override
    @SuppressWarnings("SystemOut")
    public synchronized void close() {
        if (untraced > 0 && unavailable != null) {
            System.err.println("sched-trace: " + (untraced == 1 ? "1 test was" : untraced + " tests were")
                    + " not traced: " + unavailable.message());
        }
        List<String> failures = tests.closeStrays(reports);
        if (!failures.isEmpty()) {
            throw new AssertionError(String.join("\n", failures));
        }
    }
}
