package io.schedtrace.export;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import io.schedtrace.internal.text.Addresses;
import io.schedtrace.internal.text.Constants;
import io.schedtrace.model.Exec;
import io.schedtrace.model.ExitStatus;
import io.schedtrace.model.HostName;
import io.schedtrace.model.Labels;
import io.schedtrace.model.ListenSpan;
import io.schedtrace.model.Loss;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Redactor;
import io.schedtrace.model.SessionSpan;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TcpSpan.Counters;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TraceId;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The lines of {@link JsonLines}. */
final class JsonFormat implements SpanFormat {
    /** The version that this class writes. A reader of this version ignores fields that it does not know. */
    static final int VERSION = 1;

    private static final JsonFactory FACTORY =
            new JsonFactoryBuilder().characterEscapes(new JsonEscapes()).build();

    private final Labels labels;
    private final Redactor redactor;
    private final ForeignFields foreign;

    JsonFormat(Labels labels, Redactor redactor) {
        this(labels, redactor, new ForeignFields());
    }

    /** @param foreign fields of other versions, which are written as they were read */
    JsonFormat(Labels labels, Redactor redactor, ForeignFields foreign) {
        this.labels = labels.redacted(redactor);
        this.redactor = redactor;
        this.foreign = foreign;
    }

    @Override
    public String first(TraceId traceId, boolean streamed) {
        return object("header", ForeignFields.HEADER, json -> {
            json.writeStringField("format", "sched-trace");
            json.writeNumberField("version", VERSION);
            json.writeStringField("trace_id", traceId.toString());
            json.writeStringField("order", streamed ? "end" : "start");
            if (labels.name() != null) {
                json.writeStringField("name", labels.name());
            }
            attributes(json);
        });
    }

    @Override
    public String process(ProcessSpan process) {
        return object("process", process, json -> {
            json.writeStringField("trace_id", process.traceId().toString());
            json.writeStringField("span_id", process.spanId().toString());
            json.writeStringField("parent_span_id", hex(process.parentSpanId()));
            json.writeNumberField("pid", process.pid());
            JsonNumbers.write(json, "host_pid", process.hostPid());
            JsonNumbers.write(json, "ppid", process.ppid());
            JsonNumbers.unsigned(json, "uid", process.uid());
            JsonNumbers.unsigned(json, "gid", process.gid());
            json.writeStringField("comm", process.comm());
            json.writeStringField("exe", process.exe());
            strings(json, "args", redactor.arguments(process.arguments()));
            json.writeBooleanField("args_truncated", process.argumentsTruncated());
            if (process.hidden()) {
                json.writeBooleanField("hidden", true);
            }
            execs(json, process.execs());
            json.writeStringField("start_time", Timestamps.format(process.startTime()));
            json.writeStringField("exec_time", Timestamps.formatOrNull(process.execTime()));
            json.writeStringField("end_time", Timestamps.formatOrNull(process.endTime()));
            json.writeNumberField("duration_ns", process.duration().toNanos());
            exit(json, process.exit());
            JsonNumbers.nanos(json, "cpu_time_ns", process.cpuTime());
            JsonNumbers.write(json, "max_rss_bytes", process.maxRssBytes());
            JsonNumbers.write(json, "threads", process.threads());
            json.writeBooleanField("complete", process.complete());
            attributes(json);
        });
    }

    @Override
    public String connection(TcpSpan connection) {
        return object("tcp", connection, json -> {
            json.writeStringField("trace_id", connection.traceId().toString());
            json.writeStringField("span_id", connection.spanId().toString());
            json.writeStringField("parent_span_id", hex(connection.parentSpanId()));
            json.writeStringField("process_span_id", hex(connection.processSpanId()));
            JsonNumbers.write(json, "pid", connection.pid());
            json.writeStringField("role", Constants.lower(connection.role()));
            json.writeStringField("family", Constants.lower(connection.family()));
            json.writeStringField("src_ip", Addresses.format(connection.local().getAddress()));
            json.writeNumberField("src_port", connection.local().getPort());
            hosts(json, "src_hosts", connection.localHosts());
            json.writeStringField("dest_ip", Addresses.format(connection.peer().getAddress()));
            json.writeNumberField("dest_port", connection.peer().getPort());
            hosts(json, "dest_hosts", connection.peerHosts());
            json.writeStringField("start_time", Timestamps.format(connection.startTime()));
            json.writeStringField("established_time", Timestamps.formatOrNull(connection.establishedTime()));
            json.writeStringField("end_time", Timestamps.formatOrNull(connection.endTime()));
            json.writeNumberField("duration_ns", connection.duration().toNanos());
            counters(json, connection.counters());
            json.writeStringField("outcome", Constants.lower(connection.outcome()));
            json.writeStringField("error", connection.error());
            json.writeStringField("peer_span_id", hex(connection.peerSpanId()));
            json.writeBooleanField("complete", connection.complete());
            attributes(json);
        });
    }

    @Override
    public String listener(ListenSpan listener) {
        return object("listen", listener, json -> {
            json.writeStringField("trace_id", listener.traceId().toString());
            json.writeStringField("span_id", listener.spanId().toString());
            json.writeStringField("parent_span_id", hex(listener.parentSpanId()));
            json.writeStringField("process_span_id", hex(listener.processSpanId()));
            JsonNumbers.write(json, "pid", listener.pid());
            json.writeStringField("ip", Addresses.format(listener.address()));
            JsonNumbers.write(json, "port", listener.port());
            json.writeStringField("start_time", Timestamps.format(listener.startTime()));
            json.writeStringField("end_time", Timestamps.formatOrNull(listener.endTime()));
            json.writeNumberField("duration_ns", listener.duration().toNanos());
            json.writeBooleanField("complete", listener.complete());
            attributes(json);
        });
    }

    @Override
    public String session(SessionSpan session) {
        return object("session", session, json -> {
            json.writeStringField("trace_id", session.traceId().toString());
            json.writeStringField("span_id", session.spanId().toString());
            json.writeStringField("parent_span_id", hex(session.parentSpanId()));
            json.writeStringField("name", redactor.text(session.name()));
            json.writeStringField("start_time", Timestamps.format(session.startTime()));
            json.writeStringField("end_time", Timestamps.formatOrNull(session.endTime()));
            json.writeNumberField("duration_ns", session.duration().toNanos());
            json.writeBooleanField("complete", session.complete());
            attributes(json);
        });
    }

    @Override
    public List<String> foreignLines() {
        return foreign.lines();
    }

    @Override
    public String last(Trace trace, Counts written) {
        Loss loss = trace.loss();
        return object("trace", ForeignFields.TRACE, json -> {
            json.writeStringField("trace_id", trace.traceId().toString());
            json.writeStringField("parent_span_id", hex(trace.parentSpanId()));
            json.writeStringField("via", Constants.lower(trace.via()));
            json.writeNumberField("processes", written.processes());
            json.writeNumberField("connections", written.connections());
            json.writeNumberField("listeners", written.listeners());
            json.writeNumberField("lost", loss.records() + loss.untracked());
            json.writeObjectFieldStart("lost_records");
            for (Map.Entry<String, Long> type : loss.recordsByType().entrySet()) {
                json.writeNumberField(type.getKey(), type.getValue());
            }
            json.writeEndObject();
            json.writeNumberField("untracked", loss.untracked());
            json.writeNumberField("truncated", loss.truncated());
            json.writeNumberField("listener_events", loss.listenerEvents());
            json.writeStringField("cut", loss.cut());
            if (labels.name() != null) {
                json.writeStringField("name", labels.name());
            }
            attributes(json);
        });
    }

    private static void counters(JsonGenerator json, @Nullable Counters counters) throws IOException {
        Duration rtt = counters == null ? null : counters.rtt();
        JsonNumbers.write(json, "bytes_sent", counters == null ? null : counters.bytesSent());
        JsonNumbers.write(json, "bytes_received", counters == null ? null : counters.bytesReceived());
        JsonNumbers.write(json, "retransmits", counters == null ? null : counters.retransmits());
        JsonNumbers.nanos(json, "rtt_ns", rtt);
    }

    private void attributes(JsonGenerator json) throws IOException {
        if (labels.attributes().isEmpty()) {
            return;
        }
        json.writeObjectFieldStart("attributes");
        for (Map.Entry<String, String> attribute : labels.attributes().entrySet()) {
            json.writeStringField(attribute.getKey(), attribute.getValue());
        }
        json.writeEndObject();
    }

    private static void exit(JsonGenerator json, @Nullable ExitStatus exit) throws IOException {
        JsonNumbers.write(json, "wait_status", exit == null ? null : exit.waitStatus());
        JsonNumbers.write(json, "exit_code", exit == null ? null : exit.code());
        json.writeStringField("signal", exit == null ? null : exit.signal());
        json.writeBooleanField("core_dumped", exit != null && exit.coreDumped());
    }

    private void execs(JsonGenerator json, List<Exec> execs) throws IOException {
        json.writeArrayFieldStart("execs");
        for (Exec exec : execs) {
            json.writeStartObject();
            json.writeStringField("time", Timestamps.format(exec.time()));
            json.writeStringField("exe", exec.exe());
            json.writeStringField("filename", exec.filename());
            json.writeBooleanField("filename_truncated", exec.filenameTruncated());
            json.writeStringField("name", exec.name());
            strings(json, "args", redactor.arguments(exec.arguments()));
            json.writeBooleanField("args_truncated", exec.truncated());
            foreign.write(exec, json);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void strings(JsonGenerator json, String name, List<String> strings) throws IOException {
        json.writeArrayFieldStart(name);
        for (String string : strings) {
            json.writeString(string);
        }
        json.writeEndArray();
    }

    private void hosts(JsonGenerator json, String name, List<HostName> hosts) throws IOException {
        json.writeArrayFieldStart(name);
        for (HostName host : hosts) {
            json.writeStartObject();
            json.writeStringField("name", host.name());
            json.writeStringField("origin", host.origin());
            foreign.write(host, json);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static @Nullable String hex(@Nullable SpanId id) {
        return id == null ? null : id.toString();
    }

    private String object(String type, Object what, Fields fields) {
        return line(json -> {
            json.writeStartObject();
            json.writeStringField("type", type);
            fields.write(json);
            foreign.write(what, json);
            json.writeEndObject();
        });
    }

    /** Returns what {@code content} writes. */
    static String line(Fields content) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            content.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }

    /** Writes fields. */
    interface Fields {
        void write(JsonGenerator json) throws IOException;
    }
}
