package io.schedtrace.junit;

import io.schedtrace.Tracing;
import io.schedtrace.model.Availability;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Traces and guards every test of a framework other than JUnit Jupiter, by the configuration parameters that
 * {@link TraceProcesses} lists. It needs no JUnit: the adapter of a framework tells it when tests and classes begin and
 * end, and makes a failure of what it returns. Safe for use by several threads.
 *
 * <p>While one test runs, the whole JVM belongs to it. What happens while several run is a {@linkplain Strays stray}.
 */
public final class GuardedTests {
    private final Parameters parameters;
    private final Settings settings;
    private final RunningTests tests;
    private final Map<String, GuardedTrace> open = new ConcurrentHashMap<>();
    private final Map<String, AssertionError> unchecked = new ConcurrentHashMap<>();
    private final UntracedTests untraced = new UntracedTests();

    GuardedTests(Parameters parameters, RunningTests tests) {
        this.parameters = parameters;
        this.settings = parameters.settings();
        this.tests = tests;
    }

    /** Why a test that has passed must not count as passed: tracing is not available, and it has guards. */
    public static final class UncheckedGuards extends AssertionError {
        private static final long serialVersionUID = 1;

        private UncheckedGuards(String message) {
            super(message);
        }
    }

    /**
     * Reads the configuration parameters from the system properties.
     *
     * @return null unless {@code io.schedtrace.everyTest} is true
     * @throws IllegalArgumentException if a parameter or its value does not exist; the message names the nearest that
     *     does
     */
    public static @Nullable GuardedTests ofSystemProperties() {
        Parameters.checkNames(System.getProperties().stringPropertyNames());
        Parameters parameters = Parameters.ofSystem();
        parameters.check();
        return parameters.everyTest() ? new GuardedTests(parameters, RunningTests.current()) : null;
    }

    /**
     * A test, or a class of tests, begins; called on its thread. What happens in the class and in none of its tests
     * belongs to the class.
     *
     * @param id begins with the id of the class that it is in, and a slash
     * @param name for people
     * @param isTest false for a class
     * @param type the name of the class, and of the directory of its reports
     * @param report the name of the report files
     */
    public void start(String id, String name, boolean isTest, String type, String report) {
        Availability availability = Tracing.availability();
        if (availability.available()) {
            TracedTest test = new TracedTest(
                    id, name, isTest, () -> Path.of(ReportName.of(type), ReportName.of(report)), entries -> {}, null);
            open.put(id, GuardedTrace.open(test, settings, tests, parameters.reportDirectory()));
        } else if (isTest) {
            missed(id, availability);
        }
    }

    private void missed(String id, Availability availability) {
        untraced.add(1, availability);
        WhenUnavailable choice = Settings.whenUnavailable(parameters, settings.whenUnavailable());
        List<String> guards = settings.guards();
        if (choice == WhenUnavailable.FAIL) {
            unchecked.put(id, new AssertionError(UntracedTests.reason(availability)));
        } else if (choice != WhenUnavailable.RUN_UNTRACED && !guards.isEmpty()) {
            unchecked.put(id, new UncheckedGuards(UntracedTests.unchecked(guards, availability)));
        }
    }

    /**
     * A test or class has ended. Its reports are written if it has failed.
     *
     * @param failure why it has failed; null if it has not. The tree is added to it as a suppressed exception.
     * @return what its guards have found, an {@link UncheckedGuards} if they cannot be checked; null if nothing
     */
    public @Nullable AssertionError finish(String id, @Nullable Throwable failure) {
        GuardedTrace trace = open.remove(id);
        return trace != null ? trace.finish(failure) : unchecked.remove(id);
    }

    /**
     * Ends the run and tells of tests that were not traced.
     *
     * @return why the run fails: a message for each stray that breaks the guard of a test that is over
     */
    public List<String> close() {
        open.values().forEach(GuardedTrace::close);
        open.clear();
        untraced.tell();
        ReportIndex.write(parameters.reportDirectory());
        return new ArrayList<>(tests.closeStrays(parameters.reportDirectory()));
    }
}
