package io.schedtrace.junit;

import io.schedtrace.ProcessTreeTracer;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Span;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TreeText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The trace of what belongs to no single test. It has the JVM whenever not exactly one traced test is running. What
 * happens in it while traced tests run is a stray, and may be of any of them.
 */
final class StrayTrace {
    private static final String FILE = "strays.txt";

    private final RunningTests tests;
    private final ProcessTreeTracer tracer =
            ProcessTreeTracer.builder().sessionName("no single test").open();
    private final long begin = beginning(tracer);
    private final Set<SpanId> judged = new HashSet<>();
    private final List<String> failuresOfRun = new ArrayList<>();

    StrayTrace(RunningTests tests) {
        this.tests = tests;
    }

    ProcessTreeTracer tracer() {
        return tracer;
    }

    /**
     * Checks the strays that may be of a test.
     *
     * @param test a traced test that has just ended
     * @param failures gets a message for each guard of the test that a stray breaks
     * @throws InterruptedException if the thread is interrupted
     */
    synchronized void check(RunningTest test, Settings settings, List<String> failures) throws InterruptedException {
        if (!test.isShared() || settings.strays() != Strays.FAIL) {
            return;
        }
        Trace trace = tracer.trace();
        Checks.forbidden(
                settings,
                trace,
                during(test, trace, trace.processes()),
                during(test, trace, trace.connections()),
                span -> whose(test, nanos(trace, span)),
                failures);
        checkLeaks(test, settings, trace, failures);
    }

    /** Those that began while the test was running. */
    private <S extends Span> List<S> during(RunningTest test, Trace trace, List<S> spans) {
        return spans.stream().filter(span -> test.ranAt(nanos(trace, span))).toList();
    }

    /** A process may be used by any test that ran when it began: it is left behind once all of them are over. */
    private void checkLeaks(RunningTest test, Settings settings, Trace trace, List<String> failures)
            throws InterruptedException {
        if (leaks(test, trace).isEmpty()) {
            return;
        }
        tracer.awaitProcesses(Checks.TIME_TO_END);
        Trace later = tracer.trace();
        for (ProcessSpan process : leaks(test, later)) {
            judged.add(process.spanId());
            String message = "a process still running:\n  " + TreeText.plain().line(process)
                    + whose(test, nanos(later, process));
            if (settings.leakedProcesses() == LeakedProcesses.FAIL) {
                failures.add(message);
            } else if (tests.at(nanos(later, process)).stream().anyMatch(StrayTrace::failsOnLeaks)) {
                failuresOfRun.add(message);
            }
        }
    }

    private List<ProcessSpan> leaks(RunningTest test, Trace trace) {
        return during(test, trace, trace.processes()).stream()
                .filter(ProcessSpan::running)
                .filter(process -> !judged.contains(process.spanId()))
                .filter(process -> tests.at(nanos(trace, process)).stream().allMatch(RunningTest::isOver))
                .toList();
    }

    private static boolean failsOnLeaks(RunningTest test) {
        Settings settings = test.settings();
        return settings != null
                && settings.leakedProcesses() == LeakedProcesses.FAIL
                && settings.strays() == Strays.FAIL;
    }

    private String whose(RunningTest test, long nanos) {
        String others = tests.at(nanos).stream()
                .filter(other -> other != test)
                .map(RunningTest::name)
                .sorted()
                .collect(Collectors.joining(", "));
        return "\n  This is a stray: a thread did it that no test has made, while " + test.name()
                + (others.isEmpty() ? "" : " and " + others)
                + " ran. Wrap its task with the tracer of the test, or run these tests one after another.";
    }

    /**
     * The beginning of the session as a time of {@link System#nanoTime()}, from the duration that its span has now: the
     * best of a few tries, in microseconds.
     */
    private static long beginning(ProcessTreeTracer tracer) {
        long best = Long.MAX_VALUE;
        long beginning = System.nanoTime();
        for (int i = 0; i < 5; i++) {
            long before = System.nanoTime();
            Span session = tracer.trace().session();
            long took = System.nanoTime() - before;
            if (session != null && took < best) {
                best = took;
                beginning = before + took / 2 - session.duration().toNanos();
            }
        }
        return beginning;
    }

    /** The beginning of a span as a time of {@link System#nanoTime()}. */
    private long nanos(Trace trace, Span span) {
        Span session = trace.session();
        return session == null
                ? begin
                : begin
                        + Duration.between(session.startTime(), span.startTime())
                                .toNanos();
    }

    /**
     * Ends the trace, and tells of the strays.
     *
     * @return why the run fails
     */
    @SuppressWarnings("SystemOut")
    synchronized List<String> close(Path reports) {
        Trace trace = tracer.trace();
        long processes = strays(trace, trace.processes().stream());
        long connections = strays(trace, trace.connections().stream());
        if (processes + connections > 0) {
            System.err.println("sched-trace: " + processes + (processes == 1 ? " process" : " processes") + " and "
                    + connections + (connections == 1 ? " connection" : " connections")
                    + " may belong to any of several tests that ran in parallel: " + write(trace, reports));
        }
        tracer.close();
        return failuresOfRun;
    }

    private long strays(Trace trace, Stream<? extends Span> spans) {
        return spans.filter(span -> tests.at(nanos(trace, span)).stream().anyMatch(StrayTrace::tellsOfStrays))
                .count();
    }

    private static boolean tellsOfStrays(RunningTest test) {
        Settings settings = test.settings();
        return settings != null && settings.strays() != Strays.IGNORE;
    }

    private static String write(Trace trace, Path reports) {
        Path file = reports.resolve(FILE);
        try {
            Files.createDirectories(reports);
            Files.writeString(file, TreeText.plain().format(trace) + '\n');
            return "see " + file;
        } catch (IOException e) {
            return "their trace cannot be written: " + e;
        }
    }
}
