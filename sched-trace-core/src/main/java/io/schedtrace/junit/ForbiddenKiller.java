package io.schedtrace.junit;

import io.schedtrace.ProcessTreeTracer;
import io.schedtrace.model.Exec;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TraceListener;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Ends processes that do what the settings forbid, as soon as that is known. Used by one tracer. */
final class ForbiddenKiller implements TraceListener {
    private final Settings settings;
    private final CompletableFuture<ProcessTreeTracer> tracer = new CompletableFuture<>();
    private final Set<SpanId> killed = ConcurrentHashMap.newKeySet();

    ForbiddenKiller(Settings settings) {
        this.settings = settings;
    }

    /** Sets the tracer that this listens to. Events wait for it. */
    void killBy(ProcessTreeTracer opened) {
        tracer.complete(opened);
    }

    @Override
    public void processExecuted(ProcessSpan process, Exec exec) {
        if (!settings.processes().allows(exec)) {
            kill(process.spanId());
        }
    }

    @Override
    public void connectionOpened(TcpSpan connection) {
        SpanId process = connection.processSpanId();
        if (process != null
                && !settings.allowed().forbidden(List.of(connection)).isEmpty()) {
            kill(process);
        }
    }

    private void kill(SpanId process) {
        if (tracer.join().kill(process)) {
            killed.add(process);
        }
    }

    /** Adds what was killed to the failures: a test that lost a process must not pass. */
    void tell(Trace trace, List<String> failures) {
        String processes = trace.processes().stream()
                .filter(process -> killed.contains(process.spanId()))
                .map(process -> process.commandLine() + "  [" + process.pid() + ']')
                .collect(Collectors.joining(", "));
        if (!processes.isEmpty()) {
            failures.add("ended by onForbidden = KILL: " + processes);
        }
    }
}
