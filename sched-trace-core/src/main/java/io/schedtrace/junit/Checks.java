package io.schedtrace.junit;

import io.schedtrace.ProcessTreeTracer;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TreeText;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What of a trace makes its test fail. */
final class Checks {
    private static final System.Logger LOG = System.getLogger("io.schedtrace");
    private static final Duration TIME_TO_END = Duration.ofMillis(500);

    private final Settings settings;
    private final ExtensionContext context;
    private final List<String> failures;

    /** @param failures gets a message for each failure */
    Checks(Settings settings, ExtensionContext context, List<String> failures) {
        this.settings = settings;
        this.context = context;
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
            context.publishReportEntry("sched-trace.leaked", lines(left));
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
                + context.getDisplayName()
                + (killed ? " could not be ended:\n" : " still running after it:\n")
                + lines(left);
        if (settings.leakedProcesses() == LeakedProcesses.REPORT) {
            LOG.log(Level.WARNING, message);
        } else {
            failures.add(message);
        }
    }

    /** Looks for connections that are not allowed, and for what is missing. */
    void trace(Trace trace) {
        List<TcpSpan> forbidden = settings.allowed().forbidden(trace.connections());
        if (!forbidden.isEmpty()) {
            failures.add(forbidden(settings, trace, forbidden));
        }
        if (settings.failOnLoss() && !trace.loss().none()) {
            failures.add("the trace is not whole: " + trace.loss());
        }
    }

    /** The message about connections that the settings do not allow. */
    static String forbidden(Settings settings, Trace trace, List<TcpSpan> forbidden) {
        return (forbidden.size() == 1 ? "a connection" : forbidden.size() + " connections")
                + " that allowConnections = " + settings.allowed() + " does not allow:\n"
                + forbidden.stream()
                        .map(connection -> "  " + who(trace, connection) + ' ' + line(connection))
                        .collect(Collectors.joining("\n"));
    }

    private static String who(Trace trace, TcpSpan connection) {
        ProcessSpan process = connection.processSpanId() == null ? null : trace.process(connection.processSpanId());
        return process == null
                ? "a thread of the test itself" + (connection.pid() == null ? "" : " [" + connection.pid() + ']')
                : TreeText.plain().line(process);
    }

    private static String line(TcpSpan connection) {
        return TreeText.plain().line(connection);
    }

    private static String lines(List<ProcessSpan> processes) {
        return processes.stream()
                .map(process -> "  " + TreeText.plain().line(process))
                .collect(Collectors.joining("\n"));
    }
}
