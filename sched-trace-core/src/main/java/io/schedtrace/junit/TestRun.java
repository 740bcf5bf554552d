package io.schedtrace.junit;

import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What the tests of one run of JUnit Jupiter share: the configuration, the trace of strays, and the count of tests that
 * could not be traced. It is in the store of the root context, which closes it when all tests are over.
 */
final class TestRun implements AutoCloseable {
    private final RunningTests tests = RunningTests.current();
    private final Parameters parameters;
    private final Settings settings;
    private final UntracedTests untraced = new UntracedTests();
    private final Baselines baselines;

    /** @throws IllegalArgumentException if there is a mistake in the configuration: no test is traced then */
    private TestRun(ExtensionContext context) {
        this.parameters = parameters(context);
        Parameters.checkNames(System.getProperties().stringPropertyNames());
        parameters.check();
        this.settings = parameters.settings();
        this.baselines = new Baselines(parameters.baselineDirectory(), parameters.updateBaselines());
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

    /** What the tests must run. */
    Baselines baselines() {
        return baselines;
    }

    /** The tests that cannot be traced. */
    UntracedTests untraced() {
        return untraced;
    }

    /**
     * Ends the run and tells what nobody may overlook.
     *
     * @throws AssertionError if a stray breaks the guard of a test that is over; the run fails then
     */
    @Override
    public void close() {
        untraced.tell();
        ReportIndex.write(parameters.reportDirectory());
        List<String> failures = tests.closeStrays(parameters.reportDirectory());
        if (!failures.isEmpty()) {
            throw new AssertionError(String.join("\n", failures));
        }
    }
}
