package io.schedtrace.junit;

import io.schedtrace.ProcessTreeTracer;
import io.schedtrace.internal.text.BriefList;
import io.schedtrace.internal.text.BriefList.Fold;
import io.schedtrace.model.Feature;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Span;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TreeText;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What of a trace makes its test fail. */
final class Checks {
    private static final System.Logger LOG = System.getLogger("io.schedtrace");
    /** How long a process that outlives its test has to end: one that has got its signal needs a moment. */
    static final Duration TIME_TO_END = Duration.ofMillis(500);

    private final Settings settings;
    private final TracedTest test;
    private final List<String> failures;

    /** @param failures gets a message for each failure */
    Checks(Settings settings, TracedTest test, List<String> failures) {
        this.settings = settings;
        this.test = test;
        this.failures = failures;
    }

    /** Looks for processes that still run, and does with them what the settings say. */
    void leaks(ProcessTreeTracer tracer) {
        if (settings.leakedProcesses() == LeakedProcesses.IGNORE) {
            return;
        }
        try {
            boolean kill = settings.leakedProcesses() == LeakedProcesses.KILL;
            List<ProcessSpan> left = tracer.awaitProcesses(kill ? Duration.ZERO : TIME_TO_END);
            if (left.isEmpty()) {
                return;
            }
            test.entries().accept(Map.of("sched-trace.leaked", lines(left)));
            if (kill) {
                tracer.killTree();
                left = tracer.awaitProcesses(Duration.ZERO);
            }
            tell(left, kill);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failures.add("interrupted while looking for processes that still run");
        }
    }

    private void tell(List<ProcessSpan> left, boolean killed) {
        if (left.isEmpty()) {
            return;
        }
        String message = (left.size() == 1 ? "1 process of " : left.size() + " processes of ")
                + test.name()
                + (killed ? " could not be ended:\n" : " still running after it:\n")
                + lines(left);
        if (settings.leakedProcesses() == LeakedProcesses.REPORT) {
            LOG.log(Level.WARNING, message);
        } else {
            failures.add(message);
        }
    }

    /** Looks for connections and programs that are not allowed, and for what is missing. */
    void trace(Trace trace) {
        forbidden(settings, trace, trace.processes(), trace.connections(), span -> "", failures);
        if (!Feature.JVM_CONNECTIONS.isIn(trace.via()) && !settings.allowed().allowsEverything()) {
            failures.add("allowConnections = " + settings.allowed() + " cannot be checked: a trace of the kind Via."
                    + trace.via() + " has no " + Feature.JVM_CONNECTIONS.text()
                    + "; trace as root, or run once: sudo sched-trace setup");
        }
        if (settings.failOnLoss() && !trace.loss().none()) {
            failures.add("the trace is not whole: " + trace.loss());
        }
    }

    /**
     * Looks for programs and connections that are not allowed.
     *
     * @param trace what {@code processes} and {@code connections} are a part of
     * @param more what to add to a message, by the first span that it is about
     * @param failures gets a message about the programs, and one about the connections
     */
    static void forbidden(
            Settings settings,
            Trace trace,
            List<ProcessSpan> processes,
            List<TcpSpan> connections,
            Function<Span, String> more,
            List<String> failures) {
        List<AllowedProcesses.Run> programs = settings.processes().forbidden(processes);
        if (!programs.isEmpty()) {
            failures.add(programs(settings, trace, programs)
                    + more.apply(programs.get(0).process()));
        }
        List<TcpSpan> forbidden = settings.allowed().forbidden(connections);
        if (!forbidden.isEmpty()) {
            failures.add(forbidden(settings, trace, forbidden) + more.apply(forbidden.get(0)));
        }
    }

    /** The message about connections that the settings do not allow. */
    private static String forbidden(Settings settings, Trace trace, List<TcpSpan> forbidden) {
        return (forbidden.size() == 1 ? "a connection" : forbidden.size() + " connections")
                + " that allowConnections = " + settings.allowed() + " does not allow:\n"
                + indented(BriefList.<TcpSpan>lines(
                        forbidden,
                        connection -> List.of(what(trace, connection), connection.peer(), connection.outcome()),
                        fold -> who(trace, fold.first())
                                + ' '
                                + TreeText.plain().line(fold.first())
                                + BriefList.times(fold)));
    }

    /** The message about programs that the settings do not allow. */
    private static String programs(Settings settings, Trace trace, List<AllowedProcesses.Run> forbidden) {
        return (forbidden.size() == 1 ? "a program" : forbidden.size() + " programs")
                + " that allowProcesses = " + settings.processes() + " does not allow:\n"
                + indented(BriefList.<AllowedProcesses.Run>lines(
                        forbidden,
                        run -> run.then().commandLine(),
                        fold -> TreeText.plain().line(fold.first().then())
                                + ", " + fold.first().exec().exe() + ", by "
                                + parent(trace, fold.first().process()) + BriefList.times(fold)));
    }

    private static String parent(Trace trace, ProcessSpan process) {
        SpanId id = process.parentSpanId();
        ProcessSpan parent = id == null ? null : trace.process(id);
        return parent == null ? "the test itself" : parent.commandLine() + "  [" + parent.pid() + ']';
    }

    private static @Nullable ProcessSpan owner(Trace trace, TcpSpan connection) {
        return connection.processSpanId() == null ? null : trace.process(connection.processSpanId());
    }

    /** What the processes of equal connections have in common. */
    private static String what(Trace trace, TcpSpan connection) {
        ProcessSpan process = owner(trace, connection);
        return process == null ? "" : process.commandLine().toString();
    }

    private static String who(Trace trace, TcpSpan connection) {
        ProcessSpan process = owner(trace, connection);
        return process == null
                ? "a thread of the test itself" + (connection.pid() == null ? "" : " [" + connection.pid() + ']')
                : TreeText.plain().line(process);
    }

    private static String lines(List<ProcessSpan> processes) {
        return indented(BriefList.<ProcessSpan>lines(processes, ProcessSpan::commandLine, Checks::line));
    }

    private static String line(Fold<ProcessSpan> processes) {
        ProcessSpan first = processes.first();
        return processes.count() == 1
                ? TreeText.plain().line(first)
                : first.commandLine() + "  [" + first.pid() + ".."
                        + processes.last().pid() + ']' + BriefList.times(processes);
    }

    private static String indented(List<String> lines) {
        return lines.stream().map(line -> "  " + line).collect(Collectors.joining("\n"));
    }
}
