package io.schedtrace.model;

import io.schedtrace.internal.text.Addresses;
import io.schedtrace.internal.text.Constants;
import io.schedtrace.internal.text.Human;
import io.schedtrace.internal.text.Palette;
import io.schedtrace.internal.text.Printable;
import io.schedtrace.model.TcpSpan.Counters;
import io.schedtrace.model.TcpSpan.Outcome;
import io.schedtrace.model.TcpSpan.Role;
import java.util.List;
import java.util.Map;

/** The lines of {@link TreeText}, each without what stands before it. */
final class SpanText implements Span.Visitor<String> {
    /** Of a longer chain of programs, only the first ones are named. */
    private static final int PROGRAMS_SHOWN = 3;

    private final Palette palette;
    private final Redactor redactor;
    private final Map<SpanId, ProcessSpan> owners;

    /** @param owners the processes that own connections, by the span id of their end */
    SpanText(Palette palette, Redactor redactor, Map<SpanId, ProcessSpan> owners) {
        this.palette = palette;
        this.redactor = redactor;
        this.owners = owners;
    }

    @Override
    public String process(ProcessSpan process) {
        CommandLine command = process.commandLine(redactor);
        return palette.detail(earlierPrograms(process.execs()))
                + palette.name(command.name())
                + command.arguments()
                + palette.detail("  [" + process.pid() + "] " + Human.duration(process.duration()))
                + state(process);
    }

    /** The line of several equal processes. */
    String processes(ProcessSpan first, ProcessSpan last, int count) {
        return withoutNumbers(first) + palette.detail("  [" + first.pid() + ".." + last.pid() + "] x " + count);
    }

    /** What equal spans have in common: the line without ids, times and quantities. */
    String withoutNumbers(Span span) {
        return span.accept(new Span.Visitor<>() {
            @Override
            public String process(ProcessSpan process) {
                return palette.detail(earlierPrograms(process.execs()))
                        + process.commandLine(redactor)
                        + state(process);
            }

            @Override
            public String connection(TcpSpan connection) {
                return peer(connection) + connection.role() + outcome(connection);
            }

            @Override
            public String listener(ListenSpan listener) {
                return listensOn(listener) + state(listener);
            }

            @Override
            public String session(SessionSpan session) {
                return session.spanId().toString();
            }
        });
    }

    @Override
    public String session(SessionSpan session) {
        return palette.name(Printable.escape(redactor.text(session.name())))
                + palette.detail("  " + Human.duration(session.duration()))
                + (session.complete() ? "" : "  " + palette.unfinished("running"));
    }

    @Override
    public String connection(TcpSpan connection) {
        Counters counters = connection.counters();
        String bytes = connection.establishedTime() == null || counters == null
                ? ""
                : "  sent " + Human.bytes(counters.bytesSent()) + ", received " + Human.bytes(counters.bytesReceived());
        String to = connection.role() == Role.CLIENT
                ? ""
                : " to port " + connection.local().getPort();
        return palette.connection(peer(connection))
                + peerProcess(connection)
                + to
                + palette.detail("  " + Human.duration(connection.duration()) + bytes)
                + outcome(connection);
    }

    @Override
    public String listener(ListenSpan listener) {
        return palette.connection(listensOn(listener))
                + palette.detail("  " + Human.duration(listener.duration()))
                + state(listener);
    }

    private static String listensOn(ListenSpan listener) {
        return "listens on " + listener.endpoint();
    }

    private String state(ListenSpan listener) {
        return listener.complete() ? "" : "  " + palette.unfinished(listener.listening() ? "open" : "incomplete");
    }

    private static String earlierPrograms(List<Exec> execs) {
        StringBuilder out = new StringBuilder();
        int earlier = execs.size() - 1;
        for (int i = 0; i < Math.min(earlier, PROGRAMS_SHOWN); i++) {
            Exec exec = execs.get(i);
            out.append(Printable.escape(exec.name()))
                    .append(exec.filenameTruncated() ? "…" : "")
                    .append(" » ");
        }
        if (earlier > PROGRAMS_SHOWN) {
            out.append("… +").append(earlier - PROGRAMS_SHOWN).append(" » ");
        }
        return out.toString();
    }

    private String state(ProcessSpan process) {
        if (process.running()) {
            return "  " + palette.unfinished("running");
        }
        ExitStatus exit = process.exit();
        String failed = exit == null || exit.success() ? "" : "  " + palette.failure("✗ " + exit);
        String doubt = exit == null ? "end unknown" : process.complete() ? "" : "incomplete";
        return failed + (doubt.isEmpty() ? "" : "  " + palette.unfinished(doubt));
    }

    private static String peer(TcpSpan connection) {
        String arrow = connection.role() == Role.CLIENT ? "→ " : "← ";
        if (connection.peerHosts().isEmpty()) {
            return arrow + Addresses.withPort(connection.peer());
        }
        return arrow
                + Printable.escape(connection.peerHosts().get(0).name())
                + ":" + connection.peer().getPort()
                + " (" + Addresses.format(connection.peer().getAddress()) + ")";
    }

    private String peerProcess(TcpSpan connection) {
        SpanId peer = connection.peerSpanId();
        ProcessSpan process = peer == null ? null : owners.get(peer);
        return process == null ? "" : " " + Printable.escape(process.name()) + " [" + process.pid() + "]";
    }

    private String outcome(TcpSpan connection) {
        Outcome outcome = connection.outcome();
        if (outcome == Outcome.CLOSED) {
            return connection.complete() ? "" : "  " + palette.unfinished("incomplete");
        }
        if (outcome == Outcome.OPEN || outcome == Outcome.CLOSING || outcome == Outcome.ABANDONED) {
            return "  " + palette.unfinished(Constants.lower(outcome));
        }
        return "  " + palette.failure("✗ " + connection.describeOutcome());
    }
}
