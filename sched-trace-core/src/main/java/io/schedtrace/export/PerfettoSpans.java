package io.schedtrace.export;

import com.fasterxml.jackson.core.JsonGenerator;
import io.schedtrace.internal.text.Addresses;
import io.schedtrace.internal.text.Constants;
import io.schedtrace.internal.text.Printable;
import io.schedtrace.internal.text.ShellWord;
import io.schedtrace.model.CommandLine;
import io.schedtrace.model.Exec;
import io.schedtrace.model.HostName;
import io.schedtrace.model.ListenSpan;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Redactor;
import io.schedtrace.model.SessionSpan;
import io.schedtrace.model.Span;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TcpSpan.Counters;
import io.schedtrace.model.TcpSpan.Role;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The events of single spans in {@link PerfettoTrace}. */
final class PerfettoSpans implements Span.Visitor<JsonOutput> {
    private static final String PROCESS = "process";
    private static final String TCP = "tcp";
    private static final String LISTEN = "listen";

    private final JsonGenerator json;
    private final TimeRange range;
    private final PerfettoTracks tracks;
    private final Redactor redactor;

    PerfettoSpans(JsonGenerator json, TimeRange range, PerfettoTracks tracks, Redactor redactor) {
        this.json = json;
        this.range = range;
        this.tracks = tracks;
        this.redactor = redactor;
    }

    void write(Span span) throws IOException {
        span.accept(this).write();
    }

    @Override
    public JsonOutput process(ProcessSpan process) {
        return () -> writeProcess(process);
    }

    @Override
    public JsonOutput connection(TcpSpan connection) {
        return () -> writeConnection(connection);
    }

    @Override
    public JsonOutput listener(ListenSpan listener) {
        return () -> writeListener(listener);
    }

    @Override
    public JsonOutput session(SessionSpan session) {
        return () -> writeSession(session);
    }

    private void writeSession(SessionSpan session) throws IOException {
        long start = range.offset(session.startTime());
        try (TraceEvent event =
                event("X", Printable.escape(redactor.text(session.name())), "session", tracks.session(), start)) {
            event.lasting(session.duration().toNanos());
            identity(event, session);
        }
    }

    private void writeProcess(ProcessSpan process) throws IOException {
        long track = tracks.of(process);
        long start = range.offset(process.startTime());
        CommandLine command = process.commandLine(redactor);
        try (TraceEvent event = event("X", command.name(), PROCESS, track, start)) {
            event.lasting(process.duration().toNanos())
                    .argument("command", command.toString())
                    .argument("exe", process.exe() == null ? null : Printable.escape(process.exe()))
                    .argument("pid", process.pid())
                    .argument("host_pid", process.hostPid())
                    .argument("ppid", process.ppid())
                    .argument("uid", process.uid() == null ? null : Integer.toUnsignedLong(process.uid()))
                    .argument("state", HtmlSpan.status(process))
                    .argument("cpu_time_ns", nanos(process.cpuTime()))
                    .argument("max_rss_bytes", process.maxRssBytes())
                    .argument("threads", process.threads());
            identity(event, process);
        }
        List<Exec> execs = process.execs();
        long end = start + process.duration().toNanos();
        for (int i = 0; i < execs.size(); i++) {
            long next = i + 1 < execs.size() ? range.offset(execs.get(i + 1).time()) : end;
            exec(track, execs.get(i), next);
        }
    }

    private void exec(long track, Exec exec, long end) throws IOException {
        long start = range.offset(exec.time());
        String arguments =
                redactor.arguments(exec.arguments()).stream().map(ShellWord::of).collect(Collectors.joining(" "));
        try (TraceEvent event = event("X", ShellWord.of(redactor.text(exec.name())), "exec", track, start)) {
            event.lasting(Math.max(0, end - start))
                    .argument("arguments", HtmlSpan.shorten(arguments))
                    .argument("truncated", exec.truncated())
                    .argument("exe", Printable.escape(exec.exe()))
                    .argument("filename", Printable.escape(exec.filename()))
                    .argument("filename_truncated", exec.filenameTruncated());
        }
    }

    private static @Nullable Long nanos(@Nullable Duration duration) {
        return duration == null ? null : duration.toNanos();
    }

    private void writeConnection(TcpSpan connection) throws IOException {
        long track = tracks.of(connection.processSpanId());
        long start = range.offset(connection.startTime());
        long end = start + connection.duration().toNanos();
        String name = (connection.role() == Role.CLIENT ? "→ " : "← ") + HtmlSpan.peerName(connection);
        try (TraceEvent event = asynchronous("b", name, TCP, connection, track, start)) {
            bindOtherEnd(event, connection);
            event.argument("role", Constants.lower(connection.role()))
                    .argument("local", Addresses.withPort(connection.local()))
                    .argument("peer", Addresses.withPort(connection.peer()))
                    .argument("local_hosts", hosts(connection.localHosts()))
                    .argument("peer_hosts", hosts(connection.peerHosts()))
                    .argument("outcome", Constants.lower(connection.outcome()))
                    .argument("error", connection.error() == null ? null : Printable.escape(connection.error()));
            Counters counters = connection.counters();
            if (counters != null) {
                event.argument("bytes_sent", counters.bytesSent())
                        .argument("bytes_received", counters.bytesReceived())
                        .argument("retransmits", counters.retransmits())
                        .argument("rtt_ns", nanos(counters.rtt()));
            }
            identity(event, connection);
        }
        Instant established = connection.establishedTime();
        if (established != null && range.offset(established) > start) {
            asynchronous("b", "handshake", TCP, connection, track, start).close();
            asynchronous("e", "handshake", TCP, connection, track, range.offset(established))
                    .close();
        }
        asynchronous("e", name, TCP, connection, track, end).close();
        flow(connection, track, start);
    }

    private void writeListener(ListenSpan listener) throws IOException {
        long track = tracks.of(listener.processSpanId());
        long start = range.offset(listener.startTime());
        String name = "listens on " + listener.endpoint();
        try (TraceEvent event = asynchronous("b", name, LISTEN, listener, track, start)) {
            event.argument("address", Addresses.format(listener.address()))
                    .argument("port", listener.port())
                    .argument("state", listener.listening() ? "open" : "closed");
            identity(event, listener);
        }
        long end = start + listener.duration().toNanos();
        asynchronous("e", name, LISTEN, listener, track, end).close();
    }

    private TraceEvent asynchronous(String phase, String name, String category, Span span, long track, long nanos)
            throws IOException {
        return event(phase, name, category, track, nanos).with("id", "0x" + span.spanId());
    }

    /** The flow from one asynchronous slice to the other, by the id of the client's end. */
    private void bindOtherEnd(TraceEvent event, TcpSpan connection) throws IOException {
        SpanId client = clientOfPair(connection);
        if (client != null) {
            event.with("bind_id", "0x" + client).with(connection.role() == Role.CLIENT ? "flow_out" : "flow_in", true);
        }
    }

    /** The flow from process to process: chrome://tracing draws no other. */
    private void flow(TcpSpan connection, long track, long nanos) throws IOException {
        SpanId client = clientOfPair(connection);
        if (client != null) {
            try (TraceEvent event =
                    event(connection.role() == Role.CLIENT ? "s" : "f", "connect", "tcp.flow", track, nanos)) {
                event.with("id", "0x" + client);
                if (connection.role() == Role.SERVER) {
                    event.with("bp", "e");
                }
            }
        }
    }

    /** The id of the client's end if both ends are in the trace, else null. */
    private @Nullable SpanId clientOfPair(TcpSpan connection) {
        SpanId other = connection.peerSpanId();
        if (other == null || !tracks.hasConnection(other)) {
            return null;
        }
        return connection.role() == Role.CLIENT ? connection.spanId() : other;
    }

    private static void identity(TraceEvent event, Span span) throws IOException {
        event.argument("span_id", span.spanId())
                .argument("parent_span_id", span.parentSpanId())
                .argument("complete", span.complete());
    }

    private static @Nullable String hosts(List<HostName> hosts) {
        return hosts.isEmpty()
                ? null
                : hosts.stream().map(host -> Printable.escape(host.name())).collect(Collectors.joining(", "));
    }

    private TraceEvent event(String phase, String name, String category, long track, long nanos) throws IOException {
        return new TraceEvent(json, phase, name, category, track, nanos);
    }
}
