package io.schedtrace.lab;

import io.schedtrace.model.Exec;
import io.schedtrace.model.ExitStatus;
import io.schedtrace.model.HostName;
import io.schedtrace.model.Loss;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TcpSpan.Counters;
import io.schedtrace.model.TcpSpan.Outcome;
import io.schedtrace.model.TcpSpan.Role;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TraceId;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hand-made spans. */
public final class Spans {
    public static final TraceId TRACE = TraceId.parse("0123456789abcdef0123456789abcdef");
    public static final Instant START = Instant.parse("2025-10-28T22:15:30.123456789Z");
    public static final Duration DURATION = Duration.ofNanos(1_111_111_101);

    private Spans() {}

    public static Trace trace(Object... spans) {
        return trace(Loss.NONE, spans);
    }

    public static Trace trace(Loss loss, Object... spans) {
        List<ProcessSpan> processes = Arrays.stream(spans)
                .filter(ProcessSpan.class::isInstance)
                .map(ProcessSpan.class::cast)
                .toList();
        List<TcpSpan> connections = Arrays.stream(spans)
                .filter(TcpSpan.class::isInstance)
                .map(TcpSpan.class::cast)
                .toList();
        return Trace.builder()
                .traceId(TRACE)
                .processes(processes)
                .connections(connections)
                .loss(loss)
                .build();
    }

    public static ProcessSpec process(long id, String... command) {
        return new ProcessSpec(id, command);
    }

    public static ConnectionSpec connection(long id, ProcessSpan owner) {
        return new ConnectionSpec(id, owner);
    }

    public static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** A process that ran {@code /usr/bin/<command>} and exited with 0, unless told otherwise. */
    public static final class ProcessSpec {
        private final long id;
        private @Nullable SpanId parent;
        private String comm;
        private String exe;
        private List<String> arguments;
        private List<Exec> execs;
        private Duration duration = DURATION;
        private @Nullable Instant end = START.plus(DURATION);
        private @Nullable ExitStatus exit = new ExitStatus(0);
        private boolean complete = true;
        private boolean truncated;
        private int uid = 1000;

        private ProcessSpec(long id, String... command) {
            this.id = id;
            arguments = List.of(command);
            comm = command[0].substring(command[0].lastIndexOf('/') + 1);
            exe = "/usr/bin/" + comm;
            execs = List.of(Exec.builder()
                    .time(START.plusNanos(1))
                    .exe(exe)
                    .arguments(arguments)
                    .build());
        }

        public ProcessSpec under(ProcessSpan above) {
            parent = above.spanId();
            return this;
        }

        public ProcessSpec comm(String value) {
            comm = value;
            return this;
        }

        public ProcessSpec exe(String value) {
            exe = value;
            return this;
        }

        public ProcessSpec execs(Exec... values) {
            execs = List.of(values);
            return this;
        }

        public ProcessSpec forked() {
            execs = List.of();
            return this;
        }

        public ProcessSpec uid(int value) {
            uid = value;
            return this;
        }

        public ProcessSpec took(Duration value) {
            duration = value;
            end = START.plus(value);
            return this;
        }

        public ProcessSpec waitStatus(int status) {
            exit = new ExitStatus(status);
            return this;
        }

        public ProcessSpec running() {
            end = null;
            exit = null;
            complete = false;
            return this;
        }

        public ProcessSpec endUnknown() {
            exit = null;
            complete = false;
            return this;
        }

        public ProcessSpec incomplete() {
            complete = false;
            return this;
        }

        public ProcessSpec truncated() {
            truncated = true;
            return this;
        }

        public ProcessSpan build() {
            return ProcessSpan.builder()
                    .traceId(TRACE)
                    .spanId(new SpanId(id))
                    .parentSpanId(parent)
                    .pid(id)
                    .hostPid(id + 10_000)
                    .ppid(parent == null ? 1 : parent.value())
                    .uid(uid)
                    .gid(uid)
                    .comm(comm)
                    .exe(exe)
                    .arguments(arguments)
                    .argumentsTruncated(truncated)
                    .execs(execs)
                    .startTime(START)
                    .endTime(end)
                    .duration(duration)
                    .exit(exit)
                    .cpuTime(end == null ? null : Duration.ofMillis(2))
                    .maxRssBytes(end == null ? null : 4_194_304L)
                    .threads(end == null ? null : 1)
                    .complete(complete)
                    .build();
        }
    }

    /** A client's end from 10.0.0.1:50000 to 10.0.0.7:6379, closed in order, unless told otherwise. */
    public static final class ConnectionSpec {
        private final long id;
        private final @Nullable SpanId owner;
        private final long pid;
        private Role role = Role.CLIENT;
        private InetSocketAddress local = new InetSocketAddress(address("10.0.0.1"), 50_000);
        private InetSocketAddress peer = new InetSocketAddress(address("10.0.0.7"), 6379);
        private List<HostName> localHosts = List.of();
        private List<HostName> peerHosts = List.of();
        private @Nullable Instant established = START.plusNanos(5);
        private @Nullable Instant end = START.plus(DURATION);
        private Outcome outcome = Outcome.CLOSED;
        private @Nullable String error;
        private @Nullable SpanId peerSpan;

        private ConnectionSpec(long id, @Nullable ProcessSpan owner) {
            this.id = id;
            this.owner = owner == null ? null : owner.spanId();
            this.pid = owner == null ? 99 : owner.pid();
        }

        public ConnectionSpec server() {
            role = Role.SERVER;
            return this;
        }

        public ConnectionSpec ends(InetSocketAddress thisEnd, InetSocketAddress otherEnd) {
            local = thisEnd;
            peer = otherEnd;
            return this;
        }

        public ConnectionSpec peerHosts(String... names) {
            peerHosts = Arrays.stream(names).map(n -> new HostName(n, "dns")).toList();
            return this;
        }

        public ConnectionSpec localHosts(String... names) {
            localHosts = Arrays.stream(names).map(n -> new HostName(n, "hosts")).toList();
            return this;
        }

        public ConnectionSpec failed(Outcome how, @Nullable String errno) {
            outcome = how;
            error = errno;
            established = null;
            return this;
        }

        public ConnectionSpec open() {
            outcome = Outcome.OPEN;
            end = null;
            return this;
        }

        public ConnectionSpec peerSpan(long value) {
            peerSpan = new SpanId(value);
            return this;
        }

        public TcpSpan build() {
            Counters counters = Counters.builder()
                    .bytesSent(established == null ? 0 : 1234)
                    .bytesReceived(established == null ? 0 : 5_678_901)
                    .retransmits(2)
                    .rtt(Duration.ofNanos(123_999))
                    .build();
            return TcpSpan.builder()
                    .traceId(TRACE)
                    .spanId(new SpanId(id))
                    .parentSpanId(owner)
                    .processSpanId(owner)
                    .pid(pid)
                    .role(role)
                    .local(local)
                    .peer(peer)
                    .localHosts(localHosts)
                    .peerHosts(peerHosts)
                    .startTime(START)
                    .establishedTime(established)
                    .endTime(end)
                    .duration(DURATION)
                    .counters(outcome == Outcome.OPEN ? null : counters)
                    .outcome(outcome)
                    .error(error)
                    .peerSpanId(peerSpan)
                    .complete(end != null)
                    .build();
        }
    }
}
