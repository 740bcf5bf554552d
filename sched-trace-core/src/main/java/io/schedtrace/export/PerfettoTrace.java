package io.schedtrace.export;

import io.schedtrace.internal.text.LineSink;
import io.schedtrace.model.Labels;
import io.schedtrace.model.Redactor;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TraceListener;
import java.io.IOException;

/**
 * A trace in the Trace Event Format, for ui.perfetto.dev and chrome://tracing: a JSON object with {@code traceEvents}.
 *
 * <ul>
 *   <li>A process is a track with a slice from fork to end; in it, a slice for each program that it ran.
 *   <li>A connection is an asynchronous slice of its process, in it one for the handshake. Where both ends are in the
 *       trace, a flow leads from the client's process to the server's.
 *   <li>A listener is an asynchronous slice of its process.
 *   <li>Counters tell the number of live processes and of open connections.
 *   <li>What was lost is a global instant event at the start and stands in {@code otherData}.
 * </ul>
 *
 * <p>Times are microseconds after the start of the trace, with three decimals; {@code otherData.start_time} is that
 * start. A process goes by its pid on the host; where that was used twice in a trace, the later one has a number above
 * the greatest pid. What a process was started with is in {@code args}, without secrets ({@link Redactor}) and with
 * everything that is not printable escaped. A span that is still open ends with the trace and has {@code "state":"running"} or
 * {@code "outcome":"open"}. What is not known is left out.
 *
 * <p>Needs {@code com.fasterxml.jackson.core:jackson-core} at run time, an optional dependency.
 *
 * @see <a href="https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU/">Trace Event
 *     Format</a>
 */
public final class PerfettoTrace {
    private PerfettoTrace() {}

    /**
     * Writes the trace.
     *
     * @throws IOException if {@code out} throws it
     */
    public static void write(Trace trace, Appendable out) throws IOException {
        write(trace, out, Redactor.standard());
    }

    /**
     * Writes the trace with another redactor than {@link Redactor#standard()}.
     *
     * @throws IOException if {@code out} throws it
     */
    public static void write(Trace trace, Appendable out, Redactor redactor) throws IOException {
        write(trace, Labels.NONE, redactor, out);
    }

    /**
     * Writes the trace when the session is closed, in one call. An {@link IOException} is logged and otherwise ignored.
     *
     * @param out is flushed if it is {@link java.io.Flushable}, and never closed
     * @return a listener for one session
     */
    public static TraceListener to(Appendable out) {
        return to(out, Labels.NONE, Redactor.standard());
    }

    /** As {@link #to(Appendable)}, with what the user adds, and with another redactor. */
    public static TraceListener to(Appendable out, Labels labels, Redactor redactor) {
        Labels shown = labels.redacted(redactor);
        return new WholeTrace(new LineSink(out), (trace, text) -> write(trace, shown, redactor, text));
    }

    private static void write(Trace trace, Labels labels, Redactor redactor, Appendable out) throws IOException {
        out.append(PerfettoEvents.of(trace, labels, redactor)).append('\n');
    }
}
