package io.schedtrace.lab;

import io.schedtrace.model.Exec;
import io.schedtrace.model.ExitStatus;
import io.schedtrace.model.HostName;
import io.schedtrace.model.Loss;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.SessionSpan;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TcpSpan.Counters;
import io.schedtrace.model.TcpSpan.Outcome;
import io.schedtrace.model.TcpSpan.Role;
import io.schedtrace.model.Trace;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whole traces to look at, hand-made, in milliseconds after {@link Spans#START}. */
public final class SampleTraces {
    private static final int SIGKILL = 9;
    private static final int RUNNING = -1;
    private static final int EXIT_1 = 0x100;
    private static final int EXIT_2 = 0x200;

    private final List<ProcessSpan> processes = new ArrayList<>();
    private final List<TcpSpan> connections = new ArrayList<>();
    private long lastId = 0x5eed_0000_0000L;
    private long lastPid = 4000;

    private SampleTraces() {}

    /** A test run: a server, a client that it refuses once, a worker that is killed, a daemon that stays. */
    public static Trace failedBuild() {
        SampleTraces t = new SampleTraces();
        ProcessSpan make = t.process(null, 0, 1840, EXIT_2, "make", "-j2", "integration-test");
        ProcessSpan server = t.process(make, 40, 1740, 0, "redis-server", "--port", "6379", "--save", "");
        ProcessSpan script = t.process(make, 120, 1700, EXIT_1, "sh", "-c", "wait-for redis:6379 && pytest -q tests");
        ProcessSpan probe = t.process(script, 135, 160, EXIT_1, "nc", "-z", "redis", "6379");
        t.connect(probe, 141, 142, Outcome.REFUSED, "ECONNREFUSED", "redis");
        ProcessSpan again = t.process(script, 260, 281, 0, "nc", "-z", "redis", "6379");
        t.pair(again, server, 264, 279);
        ProcessSpan pytest = t.process(script, 300, 1690, EXIT_1, "python3", "-m", "pytest", "-q", "tests");
        t.pair(pytest, server, 420, 1640);
        t.pair(pytest, server, 640, 1210);
        for (int i = 0; i < 4; i++) {
            int from = 520 + 210 * i;
            ProcessSpan worker = t.fork(pytest, from, from + 320, i == 2 ? SIGKILL : 0);
            t.connect(worker, from + 30, from + 200, Outcome.CLOSED, null, "api.example.com");
        }
        ProcessSpan curl = t.process(
                pytest, 1280, 1590, 28 << 8, "curl", "-sS", "https://user:secret@mirror.example.org/data?a=1&b=2");
        t.connect(curl, 1290, 1588, Outcome.TIMED_OUT, "ETIMEDOUT", "mirror.example.org");
        t.process(make, 1702, 1840, RUNNING, "collector", "--daemon", "--config=/etc/collector.yaml");
        return t.trace(Loss.NONE);
    }

    /** The same without a failure. */
    public static Trace passedBuild() {
        SampleTraces t = new SampleTraces();
        ProcessSpan shell =
                t.process(null, 0, 320, 0, "bash", "-c", "ls / | sort | wc -l; curl -s http://localhost:8080/");
        t.process(shell, 20, 60, 0, "ls", "/");
        t.process(shell, 21, 75, 0, "sort");
        t.process(shell, 22, 80, 0, "wc", "-l");
        ProcessSpan curl = t.process(shell, 90, 300, 0, "curl", "-s", "http://localhost:8080/");
        t.connect(curl, 110, 290, Outcome.CLOSED, null, "localhost");
        return t.trace(Loss.NONE);
    }

    /** Of a test that has started a command and made a connection by itself. */
    public static Trace ofATest() {
        SessionSpan session = SessionSpan.builder()
                .traceId(Spans.TRACE)
                .spanId(new SpanId(0xabc))
                .name("a <b>test</b>")
                .startTime(Spans.START)
                .endTime(Spans.START.plus(Spans.DURATION))
                .build();
        ProcessSpan shell = Spans.process(2, "sh", "-c", "x").build();
        return Trace.builder()
                .session(session)
                .processes(List.of(shell, Spans.process(3, "ls").under(shell).build()))
                .connections(List.of(
                        Spans.connection(10, null).build(),
                        Spans.connection(11, shell).build()))
                .build();
    }

    public static Trace empty() {
        return new SampleTraces().trace(Loss.NONE);
    }

    /** A trace with spans without an end, and kernel records that found no room. */
    public static Trace lossy() {
        SampleTraces t = new SampleTraces();
        ProcessSpan shell = t.process(null, 0, 200, 0, "sh", "-c", "./fork-storm 100000");
        ProcessSpan storm = t.process(shell, 3, 199, 0, "./fork-storm", "100000");
        for (int i = 0; i < 12; i++) {
            ProcessSpan child = t.fork(storm, 5 + 15 * i, 60 + 12 * i, 0);
            if (i % 3 == 0) {
                t.processes.set(t.processes.size() - 1, t.endLost(child));
            }
        }
        return t.trace(Loss.builder()
                .recordsByType(Map.of("process_end", 4_211L, "process_start", 3_987L, "exec_data", 12L))
                .untracked(3)
                .truncated(2)
                .build());
    }

    /** One process for each hostile string, named by it, and a connection to a host of that name. */
    public static Trace hostile() {
        SampleTraces t = new SampleTraces();
        ProcessSpan top = t.process(null, 0, 400, 0, "sh", "-c", "</script><script>alert(1)</script>");
        List<String> strings = HostileStrings.all().toList();
        for (int i = 0; i < strings.size(); i++) {
            String hostile = strings.get(i);
            ProcessSpan child =
                    t.process(top, 5 + 10 * i, 50 + 10 * i, i % 5 == 4 ? EXIT_1 : 0, "/usr/bin/" + hostile, hostile);
            t.connect(child, 7 + 10 * i, 40 + 10 * i, Outcome.CLOSED, null, hostile);
        }
        return t.trace(Loss.NONE);
    }

    /** A tree of {@code size} processes, 50 to a branch, every hundredth failed, with a connection for every tenth. */
    public static Trace big(int size) {
        SampleTraces t = new SampleTraces();
        ProcessSpan root = t.process(null, 0, size * 4, EXIT_2, "make", "-j64", "world");
        ProcessSpan branch = root;
        for (int i = 1; i < size; i++) {
            int exit = i % 100 == 0 ? EXIT_1 : 0;
            if (i % 50 == 1) {
                branch = t.process(root, i * 3, i * 3 + 900, exit, "sh", "-c", "cd module-" + i / 50 + " && make");
                continue;
            }
            ProcessSpan cc = t.process(
                    branch,
                    i * 3,
                    i * 3 + 40 + i % 37 * 20,
                    exit,
                    "cc",
                    "-O2",
                    "-c",
                    "source-" + i + ".c",
                    "-o",
                    i + ".o");
            if (i % 10 == 0) {
                t.connect(cc, i * 3 + 4, i * 3 + 30, Outcome.CLOSED, null, "cache.example.com");
            }
        }
        return t.trace(Loss.NONE);
    }

    private Trace trace(Loss loss) {
        return Trace.builder()
                .traceId(Spans.TRACE)
                .processes(processes)
                .connections(connections)
                .loss(loss)
                .build();
    }

    private ProcessSpan process(@Nullable ProcessSpan parent, int from, int to, int status, String... command) {
        String file = command[0].contains("/") ? command[0] : "/usr/bin/" + command[0];
        List<String> arguments = Arrays.asList(command);
        Exec exec = Exec.builder()
                .time(at(from).plusMillis(1))
                .exe(file)
                .arguments(arguments)
                .build();
        return add(parent, from, to, status, List.of(exec), arguments);
    }

    private ProcessSpan fork(ProcessSpan parent, int from, int to, int status) {
        return add(parent, from, to, status, List.of(), parent.arguments());
    }

    private ProcessSpan add(
            @Nullable ProcessSpan parent, int from, int to, int status, List<Exec> execs, List<String> arguments) {
        String exe = execs.isEmpty() ? "/usr/bin/python3" : execs.get(0).exe();
        String name = exe.substring(exe.lastIndexOf('/') + 1);
        boolean ended = status != RUNNING;
        ProcessSpan process = ProcessSpan.builder()
                .traceId(Spans.TRACE)
                .spanId(new SpanId(++lastId))
                .parentSpanId(parent == null ? null : parent.spanId())
                .pid(++lastPid)
                .hostPid(lastPid + 100_000)
                .ppid(parent == null ? 1 : parent.pid())
                .uid(1000)
                .gid(1000)
                .comm(name.substring(0, Math.min(15, name.length())))
                .exe(exe)
                .arguments(arguments)
                .execs(execs)
                .startTime(at(from))
                .endTime(ended ? at(to) : null)
                .duration(Duration.ofMillis(to - from))
                .exit(ended ? new ExitStatus(status) : null)
                .cpuTime(ended ? Duration.ofMillis((to - from) / 3) : null)
                .maxRssBytes(ended ? 23_456_789L : null)
                .threads(ended ? 1 : null)
                .build();
        processes.add(process);
        return process;
    }

    private ProcessSpan endLost(ProcessSpan p) {
        return p.toBuilder()
                .exit(null)
                .cpuTime(null)
                .maxRssBytes(null)
                .threads(null)
                .complete(false)
                .build();
    }

    private void connect(ProcessSpan owner, int from, int to, Outcome outcome, @Nullable String error, String host) {
        connections.add(connection(owner, Role.CLIENT, from, to, outcome, error, host, new SpanId(++lastId), null));
    }

    /** Both ends of one connection. */
    private void pair(ProcessSpan client, ProcessSpan server, int from, int to) {
        SpanId one = new SpanId(++lastId);
        SpanId other = new SpanId(++lastId);
        connections.add(connection(client, Role.CLIENT, from, to, Outcome.CLOSED, null, "redis", one, other));
        connections.add(connection(server, Role.SERVER, from + 1, to, Outcome.CLOSED, null, "localhost", other, one));
    }

    private TcpSpan connection(
            ProcessSpan owner,
            Role role,
            int from,
            int to,
            Outcome outcome,
            @Nullable String error,
            String host,
            SpanId id,
            @Nullable SpanId peer) {
        boolean established = outcome == Outcome.CLOSED;
        InetSocketAddress client = new InetSocketAddress(Spans.address("127.0.0.1"), 40_000 + from % 20_000);
        InetSocketAddress server = new InetSocketAddress(Spans.address("127.0.0.1"), 6379);
        Counters counters = Counters.builder()
                .bytesSent(established ? 1234 : 0)
                .bytesReceived(established ? 5_678_901 : 0)
                .retransmits(0)
                .rtt(established ? Duration.ofNanos(123_000) : null)
                .build();
        return TcpSpan.builder()
                .process(owner)
                .spanId(id)
                .parentSpanId(role == Role.SERVER && peer != null ? peer : owner.spanId())
                .role(role)
                .local(role == Role.CLIENT ? client : server)
                .peer(role == Role.CLIENT ? server : client)
                .peerHosts(List.of(new HostName(host, "dns")))
                .startTime(at(from))
                .establishedTime(established ? at(from).plusNanos(420_000) : null)
                .endTime(at(to))
                .counters(counters)
                .outcome(outcome)
                .error(error)
                .peerSpanId(peer)
                .build();
    }

    private static Instant at(int millis) {
        return Spans.START.plusMillis(millis);
    }
}
