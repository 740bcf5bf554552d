package io.schedtrace.export;

import io.schedtrace.internal.text.LineSink;
import io.schedtrace.model.ListenSpan;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.SessionSpan;
import io.schedtrace.model.Span;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TraceListener;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Writes each span once: at its end, or, when the session is closed, whatever has not been written by then: spans that
 * are still open, and those whose end the listener was too slow to be told of.
 */
final class SpanWriter implements TraceListener {
    private final SpanFormat format;
    private final LineSink sink;
    private final Set<SpanId> written = new HashSet<>();

    SpanWriter(SpanFormat format, LineSink sink) {
        this.format = format;
        this.sink = sink;
    }

    /** Writes a whole trace: its session, its processes, its connections, its listeners, what comes last. */
    static void write(SpanFormat format, Trace trace, Appendable out) throws IOException {
        SessionSpan session = trace.session();
        if (session != null) {
            out.append(format.session(session)).append('\n');
        }
        for (ProcessSpan process : trace.processes()) {
            out.append(format.process(process)).append('\n');
        }
        for (TcpSpan connection : trace.connections()) {
            out.append(format.connection(connection)).append('\n');
        }
        for (ListenSpan listener : trace.listeners()) {
            out.append(format.listener(listener)).append('\n');
        }
        String last = format.last(trace);
        if (last != null) {
            out.append(last).append('\n');
        }
    }

    @Override
    public void processEnded(ProcessSpan process) {
        write(process);
    }

    @Override
    public void connectionEnded(TcpSpan connection) {
        write(connection);
    }

    @Override
    public void listenEnded(ListenSpan listener) {
        write(listener);
    }

    @Override
    public void traceClosed(Trace trace) {
        Stream.of(trace.processes(), trace.connections(), trace.listeners())
                .flatMap(List::stream)
                .forEach(this::write);
        SessionSpan session = trace.session();
        if (session != null) {
            write(session);
        }
        String last = format.last(trace);
        if (last != null) {
            sink.println(last);
        }
    }

    private void write(Span span) {
        if (written.add(span.spanId())) {
            sink.println(span.accept(format));
        }
    }
}
