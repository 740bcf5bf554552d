package io.schedtrace.export;

import io.schedtrace.internal.text.Addresses;
import io.schedtrace.internal.text.Constants;
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
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The lines of {@link TextLines}. */
final class TextFormat implements SpanFormat {
    private static final String NO_PARENT = "0000000000000000";

    private final Labels labels;
    private final Redactor redactor;

    TextFormat(Labels labels, Redactor redactor) {
        this.labels = labels.redacted(redactor);
        this.redactor = redactor;
    }

    @Override
    public String process(ProcessSpan process) {
        TextFields fields = new TextFields("process")
                .plain("pid", process.pid())
                .plain("ppid", process.ppid())
                .plain("uid", process.uid() == null ? null : Integer.toUnsignedString(process.uid()))
                .text("comm", process.comm())
                .plain("start_time", Timestamps.format(process.startTime()))
                .plain("end_time", Timestamps.formatOrNull(process.endTime()))
                .nanoseconds("duration", process.duration())
                .plain("span_id", process.spanId())
                .plain("parent_span_id", parent(process.parentSpanId()))
                .plain("trace_id", process.traceId());
        exit(fields, process.exit());
        fields.nanoseconds("cpu_time", process.cpuTime())
                .plain("max_rss", process.maxRssBytes())
                .text("exe", process.exe())
                .text("args", process.commandLine(redactor).toString());
        if (process.hidden()) {
            fields.plain("hidden", true);
        }
        if (process.filenameTruncated()) {
            fields.plain("filename_truncated", true);
        }
        return labelled(fields);
    }

    @Override
    public String connection(TcpSpan connection) {
        TextFields fields = new TextFields("tcp")
                .plain("pid", connection.pid())
                .plain("dest_ip", Addresses.format(connection.peer().getAddress()))
                .plain("dest_port", connection.peer().getPort());
        hosts(fields, "dest_host", connection.peerHosts());
        fields.plain("src_ip", Addresses.format(connection.local().getAddress()))
                .plain("src_port", connection.local().getPort());
        hosts(fields, "src_host", connection.localHosts());
        fields.plain("family", Constants.lower(connection.family()))
                .plain("start_time", Timestamps.format(connection.startTime()))
                .plain("end_time", Timestamps.formatOrNull(connection.endTime()))
                .nanoseconds("duration", connection.duration())
                .plain("tcp_span_id", connection.spanId())
                .plain("parent_span_id", parent(connection.parentSpanId()))
                .plain("trace_id", connection.traceId())
                .plain("role", Constants.lower(connection.role()))
                .plain("outcome", Constants.lower(connection.outcome()));
        Counters counters = connection.counters();
        if (counters != null) {
            fields.plain("bytes_sent", counters.bytesSent()).plain("bytes_received", counters.bytesReceived());
        }
        return labelled(fields);
    }

    @Override
    public String listener(ListenSpan listener) {
        TextFields fields = new TextFields("listen")
                .plain("pid", listener.pid())
                .plain("ip", Addresses.format(listener.address()))
                .plain("port", listener.port())
                .plain("start_time", Timestamps.format(listener.startTime()))
                .plain("end_time", Timestamps.formatOrNull(listener.endTime()))
                .nanoseconds("duration", listener.duration())
                .plain("span_id", listener.spanId())
                .plain("parent_span_id", parent(listener.parentSpanId()))
                .plain("trace_id", listener.traceId());
        return labelled(fields);
    }

    @Override
    public String session(SessionSpan session) {
        TextFields fields = new TextFields("session")
                .text("name", redactor.text(session.name()))
                .plain("start_time", Timestamps.format(session.startTime()))
                .plain("end_time", Timestamps.formatOrNull(session.endTime()))
                .nanoseconds("duration", session.duration())
                .plain("span_id", session.spanId())
                .plain("parent_span_id", parent(session.parentSpanId()))
                .plain("trace_id", session.traceId());
        return labelled(fields);
    }

    @Override
    public @Nullable String last(Trace trace, Counts written) {
        Loss loss = trace.loss();
        if (loss.none()) {
            return null;
        }
        TextFields fields = new TextFields("lost")
                .plain("trace_id", trace.traceId())
                .plain("records", loss.records())
                .plain("untracked", loss.untracked())
                .plain("listener_events", loss.listenerEvents());
        if (loss.cut() != null) {
            fields.text("cut", loss.cut());
        }
        return labelled(fields);
    }

    private String labelled(TextFields fields) {
        if (labels.name() != null) {
            fields.text("trace_name", labels.name());
        }
        labels.attributes().forEach(fields::text);
        return fields.toString();
    }

    private static void exit(TextFields fields, @Nullable ExitStatus exit) {
        String signal = exit == null ? null : exit.signal();
        if (signal == null) {
            fields.plain("exit_code", exit == null ? null : exit.code());
        } else {
            fields.text("signal", signal);
        }
    }

    private static void hosts(TextFields fields, String key, List<HostName> hosts) {
        if (!hosts.isEmpty()) {
            fields.text(key, hosts.stream().map(HostName::name).collect(Collectors.joining(",")));
        }
    }

    private static String parent(@Nullable SpanId parent) {
        return parent == null ? NO_PARENT : parent.toString();
    }
}
