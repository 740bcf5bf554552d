package io.schedtrace.export;

import io.schedtrace.internal.text.LineSink;
import io.schedtrace.model.Labels;
import io.schedtrace.model.Redactor;
import io.schedtrace.model.Span;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TraceListener;
import java.io.IOException;

/**
 * The {@code json} format: an object on a line for each span, written at its end, between a header and the trace. It is
 * the format of saved traces, which {@link TraceFile} reads.
 *
 * <pre>
 * {"type":"header","format":"sched-trace","version":1,"trace_id","order":"start|end",["name"]}
 * {"type":"process","trace_id","span_id","parent_span_id"|null,"pid","host_pid"|null,"ppid"|null,"uid"|null,
 *  "gid"|null,"comm","exe"|null,"args":[…],"args_truncated",["hidden":true],
 *  "execs":[{"time","exe","filename","filename_truncated","name","args","args_truncated"}],"start_time",
 *  "exec_time"|null,"end_time"|null,"duration_ns","wait_status"|null,"exit_code"|null,"signal"|null,"core_dumped",
 *  "cpu_time_ns"|null,"max_rss_bytes"|null,"threads"|null,"complete"}
 * {"type":"tcp","trace_id","span_id","parent_span_id"|null,"process_span_id"|null,"pid"|null,"role":"client|server",
 *  "family":"ipv4|ipv6","src_ip","src_port","src_hosts":[{"name","origin"}],"dest_ip","dest_port","dest_hosts":[…],
 *  "start_time","established_time"|null,"end_time"|null,"duration_ns","bytes_sent"|null,"bytes_received"|null,
 *  "retransmits"|null,"rtt_ns"|null,
 *  "outcome":"closed|refused|reset|timed_out|abandoned|unreachable|failed|closing|open","error"|null,
 *  "peer_span_id"|null,"complete"}
 * {"type":"listen","trace_id","span_id","parent_span_id"|null,"process_span_id"|null,"pid"|null,"ip","port"|null,
 *  "start_time","end_time"|null,"duration_ns","complete"}
 * {"type":"session","trace_id","span_id","parent_span_id"|null,"name","start_time","end_time"|null,
 *  "duration_ns","complete"}
 * {"type":"trace","trace_id","parent_span_id"|null,"via":"bpf|helper|replay|built|untraced","processes",
 *  "connections","listeners","lost","lost_records":{type:count},"untracked","truncated","listener_events",
 *  "cut"|null,["name"]}
 * </pre>
 *
 * <p>The resource {@code trace.schema.json} of this package is the JSON Schema of a line. Times are RFC 3339 in UTC
 * with nine fractional digits. Ids, times and names are strings; everything else is numbers, booleans, and null for
 * what is not known. {@code order} is {@code end} if spans stand in the order of their ends. A {@code session} is in
 * traces that have one ({@link Trace#session()}). {@code via} is how the trace came about
 * ({@link io.schedtrace.model.Via}). {@code processes}, {@code connections} and {@code listeners} count the lines.
 * {@code lost} is the number of lost kernel records plus that of processes and sockets that could not be followed; the
 * fields after it are those of {@link io.schedtrace.model.Loss}. A span that is still open when the session is closed
 * has {@code "end_time":null}, and its duration ends then. What a process has used ({@code cpu_time_ns},
 * {@code max_rss_bytes}, {@code threads}) is null until its end, and {@code ppid} is null if the parent is outside its
 * pid namespace.
 *
 * <p>With {@link Labels}, each object ends with {@code "attributes":{…}}, their keys and values, and those of
 * the header and the trace have its {@code "name"}; without, those are not there.
 *
 * <p>Bytes that are not UTF-8 are single surrogates &#92;udc80 to &#92;udcff (low byte = the
 * byte), as Python's {@code surrogateescape} has them. Characters that are not printable are escaped as well.
 *
 * <p>Secrets in arguments are hidden ({@link Redactor}).
 *
 * <p>Needs {@code com.fasterxml.jackson.core:jackson-core} at run time, an optional dependency.
 */
public final class JsonLines {
    private static final JsonFormat FORMAT = new JsonFormat(Labels.NONE, Redactor.standard());

    private JsonLines() {}

    /** The line of a span, without its end. */
    public static String format(Span span) {
        return span.accept(FORMAT);
    }

    /**
     * Writes a whole trace: its session, its processes, its connections and its listeners, each in the order of their
     * beginning, and the trace.
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
        SpanWriter.write(new JsonFormat(Labels.NONE, redactor), trace, out);
    }

    /**
     * Writes each span at its end and flushes; what is still open, and the trace, is written when the session is
     * closed. After the first {@link IOException} (a reader that went away, a full disk) nothing more is written; it is
     * logged once.
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
        return new SpanWriter(new JsonFormat(labels, redactor), new LineSink(out));
    }
}
