package io.schedtrace.junit;

import io.schedtrace.model.Availability;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What the tests of one run of JUnit Jupiter share: the configuration, the trace of strays, and the count of tests that could
 * not be traced. It is in the store of the root context, which closes it when all tests are over.
 */
final class TestRun implements AutoCloseable {
    private final RunningTests tests = RunningTests.current();
    private final Parameters parameters;
    private final Settings settings;
    private @Nullable Availability unavailable;
    private int untraced;

    /** @throws IllegalArgumentException if there is a mistake in the configuration: no test is traced then */
    private TestRun(ExtensionContext context) {
        this.parameters = parameters(context);
        Parameters.checkNames(System.getProperties().stringPropertyNames());
        parameters.check();
        this.settings = parameters.settings();
    }

    static TestRun of(ExtensionContext context) {
        return TraceCallbacks.store(context.getRoot())
                .getOrComputeIfAbsent(TestRun.class, key -> new TestRun(context), TestRun.class);
    }

    static Parameters parameters(ExtensionContext context) {
        return new Parameters(context::getConfigurationParameter);
    }

    RunningTests tests() {
        return tests;
    }

    Parameters parameters() {
        return parameters;
    }

    /** The settings of tests that have none of their own. */
    Settings settings() {
        return settings;
    }

    /** What holds where tracing is not available, for a test that says so. */
    WhenUnavailable whenUnavailable(WhenUnavailable ofTest) {
        return Settings.whenUnavailable(parameters, ofTest);
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
            System.err.println(GuardedTests.untraced(untraced, unavailable));
        }
        List<String> failures = tests.closeStrays(parameters.reportDirectory());
        if (!failures.isEmpty()) {
            throw new AssertionError(String.join("\n", failures));
        }
    }
}
