package io.schedtrace.export;

import io.schedtrace.export.SpanFormat.Counts;
import io.schedtrace.internal.collect.LongSet;
import io.schedtrace.internal.text.LineSink;
import io.schedtrace.model.ListenSpan;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.SessionSpan;
import io.schedtrace.model.Span;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TraceId;
import io.schedtrace.model.TraceListener;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes each span once: at its end, or, when the session is closed, whatever has not been written by then: spans that
 * are still open, and those whose end the listener was too slow to be told of.
 *
 * <p>It remembers the ids of the spans that it has written, since the trace that it gets at the close may have them,
 * too.
 */
final class SpanWriter implements TraceListener {
    private final SpanFormat format;
    private final LineSink sink;
    private final LongSet written = new LongSet();
    private int processes;
    private int connections;
    private int listeners;
    private boolean begun;

    SpanWriter(SpanFormat format, LineSink sink) {
        this.format = format;
        this.sink = sink;
    }

    /** Writes a whole trace: its session, its processes, its connections, its listeners, what comes last. */
    static void write(SpanFormat format, Trace trace, Appendable out) throws IOException {
        line(format.first(trace.traceId(), false), out);
        SessionSpan session = trace.session();
        if (session != null) {
            line(format.session(session), out);
        }
        for (ProcessSpan process : trace.processes()) {
            line(format.process(process), out);
        }
        for (TcpSpan connection : trace.connections()) {
            line(format.connection(connection), out);
        }
        for (ListenSpan listener : trace.listeners()) {
            line(format.listener(listener), out);
        }
        for (String line : format.foreignLines()) {
            line(line, out);
        }
        line(format.last(trace, Counts.of(trace)), out);
    }

    private static void line(@Nullable String line, Appendable out) throws IOException {
        if (line != null) {
            out.append(line).append('\n');
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
        begin(trace.traceId());
        Stream.of(trace.processes(), trace.connections(), trace.listeners())
                .flatMap(List::stream)
                .forEach(this::write);
        SessionSpan session = trace.session();
        if (session != null) {
            write(session);
        }
        print(format.last(trace, new Counts(processes, connections, listeners)));
    }

    private void begin(TraceId traceId) {
        if (!begun) {
            begun = true;
            print(format.first(traceId, true));
        }
    }

    private void write(Span span) {
        begin(span.traceId());
        if (written.add(span.spanId().value())) {
            count(span);
            sink.println(span.accept(format));
        }
    }

    private void count(Span span) {
        processes += span instanceof ProcessSpan ? 1 : 0;
        connections += span instanceof TcpSpan ? 1 : 0;
        listeners += span instanceof ListenSpan ? 1 : 0;
    }

    private void print(@Nullable String line) {
        if (line != null) {
            sink.println(line);
        }
    }
}
