package io.schedtrace.export;

import io.schedtrace.internal.text.LineSink;
import io.schedtrace.model.Labels;
import io.schedtrace.model.Redactor;
import io.schedtrace.model.Span;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TraceListener;
import java.io.IOException;

/**
 * The {@code text} format: a line of {@code key=value} pairs for each span, written at its end.
 *
 * <pre>
 * type=process pid= ppid= uid= comm= start_time= end_time= duration=…ns span_id= parent_span_id= trace_id=
 *     exit_code=|signal= cpu_time=…ns max_rss= exe= args= [filename_truncated=true]
 * type=tcp pid= dest_ip= dest_port= [dest_host=a,b] src_ip= src_port= [src_host=a,b] family=ipv4|ipv6
 *     start_time= end_time= duration=…ns tcp_span_id= parent_span_id= trace_id= role=client|server
 *     outcome=closed|refused|reset|timed_out|abandoned|unreachable|failed|closing|open
 *     [bytes_sent= bytes_received=]
 * type=listen pid= ip= port= start_time= end_time= duration=…ns span_id= parent_span_id= trace_id=
 * type=session name= start_time= end_time= duration=…ns span_id= parent_span_id= trace_id=
 * </pre>
 *
 * <p>Times are RFC 3339 in UTC with nine fractional digits, {@code max_rss} is in bytes, {@code src} is the end of the
 * traced process. A span without a parent has sixteen zeros for it. What is not known has nothing after the equals
 * sign, such as {@code end_time=}, {@code exit_code=}, {@code cpu_time=} and {@code max_rss=} of a process that still
 * runs when the session is closed, or {@code ppid=} of one whose parent is outside its pid namespace. Keys in brackets
 * are left out if their value is not known; {@code filename_truncated} is there if the end of {@link
 * io.schedtrace.model.Exec#filename()} is missing, and so perhaps that of {@code exe}.
 *
 * <p>{@code args} is the command line for people ({@link io.schedtrace.model.CommandLine}): quoted for a shell, and
 * shortened. JSON lines have the exact arguments.
 *
 * <p>The attributes of {@link Labels} stand at the end of each line, before them {@code trace_name=} if there is one.
 *
 * <p>A value with a blank, a quotation mark, a backslash, an equals sign or a character that is not printable stands in
 * double quotes with the escapes of C: {@code \"}, {@code \\}, {@code \n}, {@code \xNN} (a control character, or a byte
 * that is not UTF-8), &#92;uNNNN. The empty text is {@code ""}.
 *
 * <p>Where something was lost, a last line says so: {@code type=lost trace_id= records= untracked= listener_events=
 * [cut=]}, the properties of {@link io.schedtrace.model.Loss}.
 */
public final class TextLines {
    private static final TextFormat FORMAT = new TextFormat(Labels.NONE, Redactor.standard());

    private TextLines() {}

    /** The line of a span, without its end. */
    public static String format(Span span) {
        return span.accept(FORMAT);
    }

    /**
     * Writes a whole trace: its session, its processes, its connections and its listeners, each in the order of their
     * beginning.
     *
     * @throws IOException if {@code out} throws it
     */
    public static void write(Trace trace, Appendable out) throws IOException {
        SpanWriter.write(FORMAT, trace, out);
    }

    /**
     * Writes a whole trace with another redactor than {@link Redactor#standard()}.
     *
     * @throws IOException if {@code out} throws it
     */
    public static void write(Trace trace, Appendable out, Redactor redactor) throws IOException {
        SpanWriter.write(new TextFormat(Labels.NONE, redactor), trace, out);
    }

    /**
     * Writes each span at its end and flushes; what is still open is written when the session is closed. After the
     * first {@link IOException} (a reader that went away, a full disk) nothing more is written; it is logged once.
     *
     * @param out gets each line, with its end, in one call; it is flushed if it is {@link java.io.Flushable}, and never
     *     closed
     * @return a listener for one session
     */
    public static TraceListener to(Appendable out) {
        return to(out, Labels.NONE, Redactor.standard());
    }

    /**
     * As {@link #to(Appendable)}, with what the user adds, and with another redactor.
     *
     * @return a listener for one session
     */
    public static TraceListener to(Appendable out, Labels labels, Redactor redactor) {
        return new SpanWriter(new TextFormat(labels, redactor), new LineSink(out));
    }
}
