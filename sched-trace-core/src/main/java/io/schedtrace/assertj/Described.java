package io.schedtrace.assertj;

import io.schedtrace.internal.text.Addresses;
import io.schedtrace.internal.text.BriefList;
import io.schedtrace.model.ListenSpan;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Redactor;
import io.schedtrace.model.SessionSpan;
import io.schedtrace.model.Span;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TreeText;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Spans, quantities and lists as failure messages describe them. */
final class Described {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final String STEP = "  ";
    private static final int LONGEST_TEXT = 60;
    private static final int LINES_BEFORE = 10;

    /** Lines to text, without a line end after the last. */
    static final Collector<CharSequence, ?, String> LINES = Collectors.joining("\n");

    private static final Span.Visitor<String> NAME = new Span.Visitor<>() {
        @Override
        public String process(ProcessSpan process) {
            return Described.process(process);
        }

        @Override
        public String connection(TcpSpan connection) {
            return "connection to " + peer(connection);
        }

        @Override
        public String listener(ListenSpan listener) {
            return "listener on " + listener.endpoint();
        }

        @Override
        public String session(SessionSpan session) {
            return Redactor.standard().text(session.name());
        }
    };

    private Described() {}

    /** {@code curl [4711]}, {@code connection to db.test:5432 (10.0.0.7)}, or the name of a session. */
    static String span(Span span) {
        return span.accept(NAME);
    }

    /** {@code curl [4711]}. */
    static String process(ProcessSpan process) {
        return process.name() + " [" + process.pid() + "]";
    }

    /** Returns the arguments with a blank between them, redacted. */
    static String commandLine(ProcessSpan process) {
        return String.join(" ", Redactor.standard().arguments(process.arguments()));
    }

    /** {@code db.test:5432 (10.0.0.7), refused (ECONNREFUSED)}. */
    static String connection(TcpSpan connection) {
        return peer(connection) + ", " + connection.describeOutcome();
    }

    /** {@code db.test:5432 (10.0.0.7)}. */
    static String peer(TcpSpan connection) {
        if (connection.peerHosts().isEmpty()) {
            return Addresses.withPort(connection.peer());
        }
        return connection.peerName() + ":" + connection.peer().getPort() + " ("
                + Addresses.format(connection.peer().getAddress()) + ")";
    }

    /** Milliseconds below a second, seconds above. */
    static String duration(Duration duration) {
        return duration.compareTo(Duration.ofSeconds(1)) < 0
                ? number(duration.toNanos() / (double) NANOS_PER_MILLI) + " ms"
                : number(duration.toMillis() / 1000.0) + " s";
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.3f", value);
        return text.replaceAll("\\.?0+$", "");
    }

    /** The processes of that name. */
    static Stream<ProcessSpan> named(Trace trace, String name) {
        return trace.processes().stream().filter(process -> process.name().equals(name));
    }

    /** What the names of the processes are, as a complaint about one that is missing. */
    static String names(Trace trace) {
        return "but the processes were:\n"
                + list(trace.processes().stream()
                        .map(ProcessSpan::name)
                        .distinct()
                        .toList());
    }

    static String bytes(long bytes) {
        return String.format(Locale.ROOT, "%,d bytes", bytes);
    }

    /** Returns one thing a line, indented, a long list folded and cut; {@code (none)} of nothing. */
    static String list(Collection<?> things) {
        return lines(BriefList.lines(things.stream().map(Object::toString).toList()));
    }

    /** Returns {@code cc [4711]} for each process, or {@code cc [4711..4810]  x 100}. */
    static String processes(List<ProcessSpan> processes) {
        return lines(BriefList.<ProcessSpan>lines(
                processes,
                ProcessSpan::name,
                fold -> fold.count() == 1
                        ? process(fold.first())
                        : fold.first().name() + " [" + fold.first().pid() + ".."
                                + fold.last().pid() + "]" + BriefList.times(fold)));
    }

    /** Returns lines, indented; {@code (none)} of nothing. */
    static String lines(List<String> lines) {
        return lines.isEmpty()
                ? STEP + "(none)"
                : lines.stream().map(Described::indent).collect(LINES);
    }

    /** Returns a text, indented; of a long one the lines around the first that differs from {@code other}. */
    static String around(String text, String other) {
        List<String> lines = text.lines().toList();
        List<String> others = other.lines().toList();
        int same = 0;
        while (same < Math.min(lines.size(), others.size()) && lines.get(same).equals(others.get(same))) {
            same++;
        }
        int from = lines.size() <= LONGEST_TEXT ? 0 : Math.max(0, same - LINES_BEFORE);
        int to = Math.min(lines.size(), from + LONGEST_TEXT);
        return (from == 0 ? "" : STEP + "… " + from + " lines\n")
                + lines.subList(from, to).stream().map(Described::indent).collect(LINES)
                + (to == lines.size() ? "" : "\n" + STEP + "… and " + (lines.size() - to) + " more");
    }

    /** Returns the tree of a trace, cut to a few lines. */
    static String tree(Trace trace) {
        return indent(TreeText.plain().brief().format(trace));
    }

    static String indent(String text) {
        return text.lines().map(line -> STEP + line).collect(LINES);
    }
}
