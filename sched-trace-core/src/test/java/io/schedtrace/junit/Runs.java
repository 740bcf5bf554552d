package io.schedtrace.junit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.schedtrace.Tracer;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.ClassSelector;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** Runs tests inside tests, and lets them hand out what they saw. */
final class Runs {
    private static final Map<String, Tracer> TRACERS = new ConcurrentHashMap<>();

    private Runs() {}

    /** Runs the tests of some classes, with reports in that directory. */
    static EngineExecutionResults run(Path reports, Class<?>... classes) {
        return run(reports, Map.of(), classes);
    }

    /** Runs the tests of some classes as a build does: by JUnit's launcher, with the listeners that it finds. */
    static TestExecutionSummary launch(Path reports, Map<String, String> configuration, Class<?>... classes) {
        return launch(reports, configuration, new TestExecutionListener() {}, classes);
    }

    /** The same with a listener of one's own. */
    static TestExecutionSummary launch(
            Path reports, Map<String, String> configuration, TestExecutionListener more, Class<?>... classes) {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .configurationParameter(TraceProcesses.REPORT_DIRECTORY, reports.toString())
                                .configurationParameters(configuration)
                                .selectors(selectors(classes))
                                .build(),
                        listener,
                        more);
        return listener.getSummary();
    }

    private static ClassSelector[] selectors(Class<?>... classes) {
        return Arrays.stream(classes).map(c -> selectClass(c)).toArray(size -> new ClassSelector[size]);
    }

    static EngineExecutionResults run(Path reports, Map<String, String> configuration, Class<?>... classes) {
        return EngineTestKit.engine("junit-jupiter")
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "false")
                .configurationParameter(TraceProcesses.REPORT_DIRECTORY, reports.toString())
                .configurationParameters(configuration)
                .selectors(selectors(classes))
                .execute();
    }

    /** Runs the tests of some classes; all of so many must pass. */
    static void pass(Path reports, int tests, Class<?>... classes) {
        pass(reports, tests, Map.of(), classes);
    }

    static void pass(Path reports, int tests, Map<String, String> configuration, Class<?>... classes) {
        EngineExecutionResults results = run(reports, configuration, classes);
        results.testEvents().assertStatistics(s -> s.started(tests).succeeded(tests));
        results.containerEvents().assertStatistics(s -> s.failed(0));
    }

    /** Why the only test or class that failed did. */
    static Throwable failure(EngineExecutionResults results) {
        List<Event> failed = results.allEvents().failed().list();
        if (failed.size() != 1) {
            throw new AssertionError(failed.size() + " failures: " + failed);
        }
        return failed.get(0)
                .getRequiredPayload(TestExecutionResult.class)
                .getThrowable()
                .orElseThrow();
    }

    /** A test hands out its tracer. */
    static void keep(String name, Tracer tracer) {
        TRACERS.put(name, tracer);
    }

    /** The final trace of the test that has kept its tracer under that name. */
    static Trace trace(String name) {
        return TRACERS.get(name).trace();
    }

    static Tracer tracer(String name) {
        return TRACERS.get(name);
    }

    /** Runs {@code true mark} by plain {@link ProcessBuilder}, to its end. */
    static void mark(String mark) {
        try {
            new ProcessBuilder("true", mark).start().waitFor();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The marks in a trace, in the order of their forks. */
    static List<String> marks(Trace trace) {
        return trace.processes().stream()
                .filter(process -> process.name().equals("true"))
                .map(ProcessSpan::arguments)
                .map(arguments -> arguments.get(1))
                .toList();
    }

    static List<String> marks(String name) {
        return marks(trace(name));
    }
}
