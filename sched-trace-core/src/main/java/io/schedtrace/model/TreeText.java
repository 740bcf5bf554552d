package io.schedtrace.model;

import io.schedtrace.internal.text.LineSink;
import io.schedtrace.internal.text.Palette;
import io.schedtrace.internal.text.Printable;
import io.schedtrace.internal.text.TreeWalk;
import java.util.HashMap;
import java.util.Map;

/**
 * A picture of a process tree for people: a line a process, indented under the one that forked it, with its listeners
 * and connections under it.
 *
 * <pre>
 * sh -c 'make check; curl http://redis:6379/'  [4711] 1.32 s  ✗ exit 7
 * ├─ make check  [4712] 1.21 s
 * │  └─ sh (fork)  [4713] 850 µs
 * └─ curl http://redis:6379/  [4714] 12.3 ms  ✗ exit 7
 *    └─ → redis:6379 (10.0.0.7)  342 µs  ✗ refused (ECONNREFUSED)
 * 4 processes, 1 connection, trace 4bf92f3577b34da6a3ce929d0e0e4736
 * </pre>
 *
 * <p>A line has the name of the program, its arguments as a shell would take them (long ones shortened, secrets hidden
 * by a {@link Redactor}), the process id, the duration, and what is out of the ordinary: an exit code other than 0, a
 * signal, {@code running} or {@code incomplete}. A {@code …} follows the name if the filename is truncated, and the
 * arguments if those are. Programs that the process ran before stand in front with a {@code »}. A process without a
 * program of its own is a {@code (fork)}, one with a program that this user may not see is {@code (hidden)}. {@code →}
 * is a connection made, {@code ←} one accepted, each with the other end: its name, its address, and its process if that
 * is in the trace. The {@link Trace#session()}, for example a test, stands above its processes. What was lost stands in
 * the last line. The form may change between versions.
 *
 * <p>Immutable; for any thread.
 */
public final class TreeText {
    private static final TreeText PLAIN = new TreeText(Palette.PLAIN, Labels.NONE, Redactor.standard(), false);
    private static final TreeText COLOURED = new TreeText(Palette.COLOURED, Labels.NONE, Redactor.standard(), false);

    private final Palette palette;
    private final Labels labels;
    private final Redactor redactor;
    private final boolean brief;

    private TreeText(Palette palette, Labels labels, Redactor redactor, boolean brief) {
        this.palette = palette;
        this.labels = labels;
        this.redactor = redactor;
        this.brief = brief;
    }

    /** Without colours. */
    public static TreeText plain() {
        return PLAIN;
    }

    /** With the colours of ECMA-48, for a terminal. */
    public static TreeText coloured() {
        return COLOURED;
    }

    /** With what a user adds, in the line of the trace. */
    public TreeText labelled(Labels added) {
        return new TreeText(palette, added, redactor, brief);
    }

    /** With another redactor than {@link Redactor#standard()}. */
    public TreeText redacted(Redactor by) {
        return new TreeText(palette, labels, by, brief);
    }

    /**
     * With at most 60 lines and ten levels, for messages. Equal siblings that have nothing below them are one line,
     * such as {@code true  [4711..4810] x 100}.
     */
    public TreeText brief() {
        return new TreeText(palette, labels, redactor, true);
    }

    /**
     * The bare tree of {@linkplain ProcessSpan#name() names}, without connections and session:
     * {@code "sh\n├─ ls\n└─ wc"}. This form is stable, fit for assertions.
     */
    public static String names(Trace trace) {
        StringBuilder out = new StringBuilder();
        new TreeWalk<>(trace.roots(), trace::children).forEach((before, process) -> {
            out.append(out.length() == 0 ? "" : "\n").append(before);
            out.append(Printable.escape(process.name()));
        });
        return out.toString();
    }

    /** The picture of a whole trace, without a line end after the last line. */
    public String format(Trace trace) {
        StringBuilder out = new StringBuilder();
        SpanText text = new SpanText(palette, redactor, processes(trace));
        if (brief) {
            new BriefTree(trace, text).appendTo(out);
        } else {
            new TreeWalk<>(trace.top(), trace::below).forEach((before, span) -> {
                out.append(palette.detail(before));
                out.append(span.accept(text));
                out.append('\n');
            });
        }
        return out.append(summary(trace)).toString();
    }

    /** The last line of the picture, or the last two if something was lost. */
    public String summary(Trace trace) {
        return SummaryLine.of(trace, labels.redacted(redactor), palette);
    }

    /** The line of one span, as it stands in the picture, without a line end. */
    public String line(Span span) {
        return span.accept(new SpanText(palette, redactor, Map.of()));
    }

    /**
     * Writes the picture when the session is closed, in one call. An {@link java.io.IOException} is logged and
     * otherwise ignored.
     *
     * @param out is flushed if it is {@link java.io.Flushable}, and never closed
     * @return a listener for one session
     */
    public TraceListener to(Appendable out) {
        LineSink sink = new LineSink(out);
        return new TraceListener() {
            @Override
            public void traceClosed(Trace trace) {
                sink.println(format(trace));
            }
        };
    }

    /** Who stands at the other end of connections: owners by the span id of their end. */
    private static Map<SpanId, ProcessSpan> processes(Trace trace) {
        Map<SpanId, ProcessSpan> owners = new HashMap<>();
        for (TcpSpan connection : trace.connections()) {
            ProcessSpan owner = connection.processSpanId() == null ? null : trace.process(connection.processSpanId());
            if (owner != null) {
                owners.put(connection.spanId(), owner);
            }
        }
        return owners;
    }
}
