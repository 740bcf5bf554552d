package io.schedtrace.export;

import com.fasterxml.jackson.core.JsonGenerator;
import io.schedtrace.internal.text.Addresses;
import io.schedtrace.internal.text.Constants;
import io.schedtrace.internal.text.Printable;
import io.schedtrace.internal.text.ShellWord;
import io.schedtrace.model.CommandLine;
import io.schedtrace.model.Exec;
import io.schedtrace.model.ExitStatus;
import io.schedtrace.model.HostName;
import io.schedtrace.model.ListenSpan;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Redactor;
import io.schedtrace.model.SessionSpan;
import io.schedtrace.model.Span;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TcpSpan.Counters;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The spans in the data of {@link HtmlReport}, a row each, in the order of the tree. Times are nanoseconds after the
 * start of the trace.
 */
final class HtmlSpan {
    private static final int LONGEST_ARGUMENT = 2_000;
    private static final int LONGEST_COMMAND_LINE = 16_000;

    private final JsonGenerator json;
    private final Instant start;
    private final Redactor redactor;
    private final int top;
    private final Map<SpanId, Integer> rows = new HashMap<>();
    private final Kinds kinds = new Kinds();

    /** @param hasSession whether the first row is the session, which is above whatever has nothing else above it */
    HtmlSpan(JsonGenerator json, Instant start, Redactor redactor, boolean hasSession) {
        this.json = json;
        this.redactor = redactor;
        this.start = start;
        top = hasSession ? 0 : -1;
    }

    /** What depends on the kind of a span. {@code above} is the span whose row is above: a connection's process. */
    private record Row(String kind, @Nullable SpanId above, JsonOutput fields) {}

    private final class Kinds implements Span.Visitor<Row> {
        @Override
        public Row process(ProcessSpan process) {
            return new Row("process", process.parentSpanId(), () -> writeProcess(process));
        }

        @Override
        public Row connection(TcpSpan connection) {
            return new Row("tcp", connection.processSpanId(), () -> writeConnection(connection));
        }

        @Override
        public Row listener(ListenSpan listener) {
            return new Row("listen", listener.processSpanId(), () -> writeListener(listener));
        }

        @Override
        public Row session(SessionSpan session) {
            return new Row("session", session.parentSpanId(), () -> writeSession(session));
        }
    }

    /** Writes the next row. The row above has been written before. */
    void write(Span span) throws IOException {
        Row row = span.accept(kinds);
        json.writeStartObject();
        json.writeStringField("kind", row.kind);
        json.writeStringField("id", span.spanId().toString());
        json.writeStringField("parent", hex(span.parentSpanId()));
        json.writeNumberField("up", up(row));
        json.writeNumberField("at", nanos(span.startTime()));
        json.writeNumberField("length", span.duration().toNanos());
        json.writeBooleanField("complete", span.complete());
        row.fields.write();
        json.writeEndObject();
        rows.put(span.spanId(), rows.size());
    }

    /** The number of the row above; -1 for none. */
    private int up(Row row) {
        if (rows.isEmpty()) {
            return -1;
        }
        return row.above == null ? top : rows.getOrDefault(row.above, top);
    }

    private void writeSession(SessionSpan session) throws IOException {
        json.writeStringField("name", Printable.escape(shorten(redactor.text(session.name()))));
        json.writeStringField("line", "");
        json.writeStringField("state", session.complete() ? "session" : "running");
        json.writeStringField("status", session.complete() ? "ended" : "running");
    }

    private void writeProcess(ProcessSpan process) throws IOException {
        CommandLine command = process.commandLine(redactor);
        json.writeStringField("name", command.name());
        json.writeStringField("line", command.arguments().strip());
        json.writeStringField("state", state(process));
        json.writeStringField("status", status(process));
        json.writeNumberField("pid", process.pid());
        JsonNumbers.write(json, "hostPid", process.hostPid());
        JsonNumbers.write(json, "ppid", process.ppid());
        JsonNumbers.unsigned(json, "uid", process.uid());
        JsonNumbers.unsigned(json, "gid", process.gid());
        text("comm", process.comm());
        text("exe", process.exe());
        JsonNumbers.nanos(json, "cpu", process.cpuTime());
        JsonNumbers.write(json, "rss", process.maxRssBytes());
        JsonNumbers.write(json, "threads", process.threads());
        json.writeArrayFieldStart("execs");
        for (Exec exec : process.execs()) {
            exec(exec);
        }
        json.writeEndArray();
    }

    private void exec(Exec exec) throws IOException {
        json.writeStartObject();
        json.writeNumberField("at", nanos(exec.time()));
        text("exe", exec.exe());
        text("filename", exec.filename());
        json.writeBooleanField("filenameTruncated", exec.filenameTruncated());
        json.writeArrayFieldStart("argv");
        int room = LONGEST_COMMAND_LINE;
        int shown = 0;
        for (String argument : redactor.arguments(exec.arguments())) {
            String text = shorten(argument);
            room -= text.length();
            if (room < 0) {
                break;
            }
            json.writeString(Printable.escape(text));
            shown++;
        }
        json.writeEndArray();
        json.writeNumberField("more", exec.arguments().size() - shown);
        json.writeBooleanField("truncated", exec.truncated());
        json.writeEndObject();
    }

    private void writeConnection(TcpSpan connection) throws IOException {
        json.writeStringField("name", peerName(connection));
        json.writeStringField("line", line(connection));
        json.writeStringField("state", state(connection));
        json.writeStringField("status", connection.describeOutcome());
        json.writeStringField("role", Constants.lower(connection.role()));
        json.writeStringField("peer", Addresses.withPort(connection.peer()));
        json.writeStringField("local", Addresses.withPort(connection.local()));
        hosts("hosts", connection.peerHosts());
        hosts("localHosts", connection.localHosts());
        Instant established = connection.establishedTime();
        JsonNumbers.write(json, "established", established == null ? null : nanos(established));
        Counters counters = connection.counters();
        JsonNumbers.write(json, "sent", counters == null ? null : counters.bytesSent());
        JsonNumbers.write(json, "received", counters == null ? null : counters.bytesReceived());
        JsonNumbers.write(json, "retransmits", counters == null ? null : counters.retransmits());
        JsonNumbers.nanos(json, "rtt", counters == null ? null : counters.rtt());
        text("error", connection.error());
        json.writeStringField("peerSpan", hex(connection.peerSpanId()));
    }

    private void writeListener(ListenSpan listener) throws IOException {
        json.writeStringField("name", "listens on " + listener.endpoint());
        json.writeStringField("line", "");
        json.writeStringField("state", listener.listening() ? "open" : "closed");
        json.writeStringField("status", listener.listening() ? "listening" : "closed");
    }

    /** The other end by its best name, with the port. */
    static String peerName(TcpSpan connection) {
        List<HostName> hosts = connection.peerHosts();
        return hosts.isEmpty()
                ? Addresses.withPort(connection.peer())
                : shorten(Printable.escape(hosts.get(0).name())) + ":"
                        + connection.peer().getPort();
    }

    private static String line(TcpSpan connection) {
        String address = connection.peerHosts().isEmpty()
                ? ""
                : Addresses.format(connection.peer().getAddress());
        return connection.role() == TcpSpan.Role.CLIENT
                ? address
                : (address + " to port " + connection.local().getPort()).strip();
    }

    private static String state(ProcessSpan process) {
        ExitStatus exit = process.exit();
        if (exit == null) {
            return process.running() ? "running" : "unknown";
        }
        return exit.success() ? "ok" : exit.signalNumber() == null ? "failed" : "signal";
    }

    /** How it ended, in words. */
    static String status(ProcessSpan process) {
        ExitStatus exit = process.exit();
        return exit != null ? exit.toString() : process.running() ? "running" : "end unknown";
    }

    private static String state(TcpSpan connection) {
        return switch (connection.outcome()) {
            case OPEN, CLOSING -> "open";
            case CLOSED, ABANDONED -> "closed";
            case REFUSED, RESET, TIMED_OUT, UNREACHABLE, FAILED -> "broken";
        };
    }

    private void hosts(String field, List<HostName> hosts) throws IOException {
        json.writeArrayFieldStart(field);
        for (HostName host : hosts) {
            json.writeStartObject();
            text("name", host.name());
            text("origin", host.origin());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void text(String field, @Nullable String value) throws IOException {
        json.writeStringField(field, value == null ? null : Printable.escape(shorten(value)));
    }

    private long nanos(Instant time) {
        return Duration.between(start, time).toNanos();
    }

    /** At most 2,000 characters. */
    static String shorten(String text) {
        return text.length() <= LONGEST_ARGUMENT ? text : ShellWord.beginning(text, LONGEST_ARGUMENT) + "…";
    }

    private static @Nullable String hex(@Nullable SpanId id) {
        return id == null ? null : id.toString();
    }
}
