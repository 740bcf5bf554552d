package io.schedtrace.export;

import io.schedtrace.internal.text.Addresses;
import io.schedtrace.model.Exec;
import io.schedtrace.model.ExitStatus;
import io.schedtrace.model.HostName;
import io.schedtrace.model.ListenSpan;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.SessionSpan;
import io.schedtrace.model.Span;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TcpSpan.Counters;
import io.schedtrace.model.TcpSpan.Outcome;
import io.schedtrace.model.TcpSpan.Role;
import io.schedtrace.model.TraceId;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Makes spans of the lines of {@link JsonFormat}. What is wrong with a line is an {@link IllegalArgumentException} that
 * says so.
 */
final class SpanReader {
    private static final int MOST_PORT = 0xffff;
    private static final long MOST_UNSIGNED = 0xffff_ffffL;

    private final ForeignFields foreign;

    /** @param foreign gets the fields that are not known */
    SpanReader(ForeignFields foreign) {
        this.foreign = foreign;
    }

    ProcessSpan process(JsonObject json, TraceId trace) {
        List<String> arguments = json.texts("args");
        List<Exec> execs = json.objects("execs", "an exec", this::exec);
        ProcessSpan process = ProcessSpan.builder()
                .traceId(trace)
                .spanId(json.required("span_id", json.parsed("span_id", SpanId::parse)))
                .parentSpanId(json.parsed("parent_span_id", SpanId::parse))
                .pid(json.required("pid", count(json, "pid")))
                .hostPid(count(json, "host_pid"))
                .ppid(count(json, "ppid"))
                .uid(unsigned(json, "uid"))
                .gid(unsigned(json, "gid"))
                .comm(json.required("comm", json.text("comm")))
                .exe(json.text("exe"))
                .arguments(shared(arguments, execs))
                .argumentsTruncated(json.bool("args_truncated"))
                .execs(execs)
                .hidden(json.bool("hidden"))
                .startTime(start(json))
                .endTime(json.parsed("end_time", Instant::parse))
                .duration(duration(json))
                .exit(exit(json))
                .cpuTime(nanos(json, "cpu_time_ns"))
                .maxRssBytes(count(json, "max_rss_bytes"))
                .threads(integer(json, "threads"))
                .complete(json.bool("complete"))
                .build();
        json.drop("exec_time", "exit_code", "signal", "core_dumped");
        return finished(process, json);
    }

    /** A process has the arguments of its last exec: one list is enough. */
    private static List<String> shared(List<String> arguments, List<Exec> execs) {
        List<String> last =
                execs.isEmpty() ? List.of() : execs.get(execs.size() - 1).arguments();
        return last.equals(arguments) ? last : arguments;
    }

    private Exec exec(JsonObject json) {
        Exec exec = Exec.builder()
                .time(json.required("time", json.parsed("time", Instant::parse)))
                .exe(json.required("exe", json.text("exe")))
                .filename(json.required("filename", json.text("filename")))
                .filenameTruncated(json.bool("filename_truncated"))
                .name(json.required("name", json.text("name")))
                .arguments(json.texts("args"))
                .truncated(json.bool("args_truncated"))
                .build();
        foreign.add(exec, json);
        return exec;
    }

    private static @Nullable ExitStatus exit(JsonObject json) {
        Integer status = integer(json, "wait_status");
        return status == null ? null : new ExitStatus(status);
    }

    TcpSpan connection(JsonObject json, TraceId trace) {
        TcpSpan connection = TcpSpan.builder()
                .traceId(trace)
                .spanId(json.required("span_id", json.parsed("span_id", SpanId::parse)))
                .parentSpanId(json.parsed("parent_span_id", SpanId::parse))
                .processSpanId(json.parsed("process_span_id", SpanId::parse))
                .pid(count(json, "pid"))
                .role(json.required("role", json.parsed("role", text -> constant(Role.values(), text))))
                .local(address(json, "src"))
                .peer(address(json, "dest"))
                .localHosts(json.objects("src_hosts", "a host", this::host))
                .peerHosts(json.objects("dest_hosts", "a host", this::host))
                .startTime(start(json))
                .establishedTime(json.parsed("established_time", Instant::parse))
                .endTime(json.parsed("end_time", Instant::parse))
                .duration(duration(json))
                .counters(counters(json))
                .outcome(json.required("outcome", json.parsed("outcome", text -> constant(Outcome.values(), text))))
                .error(json.text("error"))
                .peerSpanId(json.parsed("peer_span_id", SpanId::parse))
                .complete(json.bool("complete"))
                .build();
        json.drop("family");
        return finished(connection, json);
    }

    private static InetSocketAddress address(JsonObject json, String end) {
        InetAddress address = json.required(end + "_ip", json.parsed(end + "_ip", Addresses::parse));
        long port = json.required(end + "_port", json.number(end + "_port", 0, MOST_PORT));
        return new InetSocketAddress(address, (int) port);
    }

    private HostName host(JsonObject json) {
        HostName host =
                new HostName(json.required("name", json.text("name")), json.required("origin", json.text("origin")));
        foreign.add(host, json);
        return host;
    }

    private static @Nullable Counters counters(JsonObject json) {
        Long sent = count(json, "bytes_sent");
        Long received = count(json, "bytes_received");
        Integer retransmits = integer(json, "retransmits");
        Duration rtt = nanos(json, "rtt_ns");
        return sent == null || received == null
                ? null
                : Counters.builder()
                        .bytesSent(sent)
                        .bytesReceived(received)
                        .retransmits(retransmits)
                        .rtt(rtt)
                        .build();
    }

    ListenSpan listener(JsonObject json, TraceId trace) {
        Long port = json.number("port", 0, MOST_PORT);
        ListenSpan listener = ListenSpan.builder()
                .traceId(trace)
                .spanId(json.required("span_id", json.parsed("span_id", SpanId::parse)))
                .parentSpanId(json.parsed("parent_span_id", SpanId::parse))
                .processSpanId(json.parsed("process_span_id", SpanId::parse))
                .pid(count(json, "pid"))
                .address(json.required("ip", json.parsed("ip", Addresses::parse)))
                .port(port == null ? null : port.intValue())
                .startTime(start(json))
                .endTime(json.parsed("end_time", Instant::parse))
                .duration(duration(json))
                .complete(json.bool("complete"))
                .build();
        return finished(listener, json);
    }

    SessionSpan session(JsonObject json, TraceId trace) {
        SessionSpan session = SessionSpan.builder()
                .traceId(trace)
                .spanId(json.required("span_id", json.parsed("span_id", SpanId::parse)))
                .parentSpanId(json.parsed("parent_span_id", SpanId::parse))
                .name(json.required("name", json.text("name")))
                .startTime(start(json))
                .endTime(json.parsed("end_time", Instant::parse))
                .duration(duration(json))
                .complete(json.bool("complete"))
                .build();
        return finished(session, json);
    }

    private <S extends Span> S finished(S span, JsonObject json) {
        json.drop("attributes");
        foreign.add(span, json);
        return span;
    }

    private static Instant start(JsonObject json) {
        return json.required("start_time", json.parsed("start_time", Instant::parse));
    }

    private static Duration duration(JsonObject json) {
        return json.required("duration_ns", nanos(json, "duration_ns"));
    }

    private static @Nullable Duration nanos(JsonObject json, String name) {
        Long nanos = count(json, name);
        return nanos == null ? null : Duration.ofNanos(nanos);
    }

    private static @Nullable Long count(JsonObject json, String name) {
        return json.number(name, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    private static @Nullable Integer integer(JsonObject json, String name) {
        Long number = json.number(name, Integer.MIN_VALUE, Integer.MAX_VALUE);
        return number == null ? null : number.intValue();
    }

    private static @Nullable Integer unsigned(JsonObject json, String name) {
        Long number = json.number(name, 0, MOST_UNSIGNED);
        return number == null ? null : (int) number.longValue();
    }

    /** Returns the constant that {@link io.schedtrace.internal.text.Constants#lower} writes so. */
    static <E extends Enum<E>> E constant(E[] constants, String text) {
        return Arrays.stream(constants)
                .filter(constant -> constant.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("\"" + text + "\" is not one of "
                        + Arrays.toString(constants).toLowerCase(Locale.ROOT)));
    }
}
