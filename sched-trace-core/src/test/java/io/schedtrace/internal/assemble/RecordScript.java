package io.schedtrace.internal.assemble;

import io.schedtrace.bpf.RecordLayout;
import io.schedtrace.hosts.HostOptions;
import io.schedtrace.internal.names.HostNames;
import io.schedtrace.internal.record.KernelRecord;
import io.schedtrace.internal.record.SystemFacts;
import io.schedtrace.model.TraceId;
import io.schedtrace.model.TraceListener;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Tells an assembler what a kernel could. Each call is one record, a microsecond after the one before. */
final class RecordScript implements SpanEvents, SystemFacts, AutoCloseable {
    static final String JSPAWNHELPER = "/jdk/lib/jspawnhelper";
    static final TraceId TRACE = new TraceId(1, 2);

    final HostNames names = HostNames.open(HostOptions.defaults().withResolveCandidates(false), List.of(), List.of());
    final SpanAssembler assembler = new SpanAssembler(TRACE, null, new WallClock(1_000_000_000), names, this, this);
    final List<TraceListener> listeners = new ArrayList<>();
    private final Map<Long, Long> starts = new HashMap<>();
    private long sequence = 100;
    private long time;

    /** What a record of a connection tells beside who and when. */
    record Tcp(long id, long owner, boolean server, InetSocketAddress local, InetSocketAddress peer, int netns) {}

    private KernelRecord.Header header(int type, int flags, long process) {
        time += 1000;
        return new KernelRecord.Header(type, flags, 1, sequence++, time, process, 1000 + process, process);
    }

    /** The time of the last record. */
    long time() {
        return time;
    }

    /** Lets time go by. */
    void later(long nanos) {
        time += nanos;
    }

    RecordScript start(long process, long parent) {
        return start(process, parent, 0);
    }

    RecordScript start(long process, long parent, long span) {
        return start(process, parent, span, 0);
    }

    RecordScript start(long process, long parent, long span, int flags) {
        KernelRecord.Header header = header(RecordLayout.PROCESS_START, flags, process);
        assembler.accept(new KernelRecord.Start(header, parent, span, parent, 5000 + process, 0, 0, "forked"));
        return this;
    }

    /** An exec of {@code /bin/NAME} whose first {@code there} bytes of arguments come with it; returns its sequence. */
    long exec(long process, long parent, int number, String path, String arguments, int there, int flags) {
        byte[] block = arguments.getBytes(StandardCharsets.UTF_8);
        KernelRecord.Header header = header(RecordLayout.PROCESS_EXEC, flags, process);
        assembler.accept(new KernelRecord.Exec(
                header,
                parent,
                0,
                0,
                path.substring(path.lastIndexOf('/') + 1),
                path,
                path,
                number,
                block.length,
                0,
                Arrays.copyOf(block, Math.min(there, block.length)),
                new byte[0]));
        return header.sequence();
    }

    RecordScript exec(long process, long parent, int number, String path, String... arguments) {
        exec(process, parent, number, path, String.join("\0", arguments) + '\0', Integer.MAX_VALUE, 0);
        return this;
    }

    RecordScript data(long process, long exec, String arguments, int from, int to) {
        assembler.accept(new KernelRecord.ExecData(
                header(RecordLayout.EXEC_DATA, 0, process),
                exec,
                from,
                arguments.substring(from, to).getBytes(StandardCharsets.UTF_8)));
        return this;
    }

    RecordScript end(long process, long parent, int execs) {
        return end(process, parent, execs, 0, 0);
    }

    RecordScript end(long process, long parent, int execs, int status, int flags) {
        assembler.accept(new KernelRecord.End(
                header(RecordLayout.PROCESS_END, flags, process),
                parent,
                500,
                7,
                3,
                status,
                execs,
                1,
                0,
                0,
                parent,
                "comm"));
        return this;
    }

    static InetSocketAddress at(String host, int port) {
        return new InetSocketAddress(host, port);
    }

    static Tcp client(long id, long owner, int port) {
        return new Tcp(id, owner, false, at("127.0.0.1", port), at("127.0.0.1", 80), 1);
    }

    static Tcp server(long id, long owner, int port) {
        return new Tcp(id, owner, true, at("127.0.0.1", 80), at("127.0.0.1", port), 1);
    }

    RecordScript open(Tcp tcp) {
        return connection(RecordLayout.CONNECTION_OPEN, tcp, tcp.server ? time + 1000 : 0, 0, 0, 7, 0);
    }

    RecordScript established(Tcp tcp) {
        return connection(RecordLayout.CONNECTION_ESTABLISHED, tcp, time + 1000, 0, 0, 2, 0);
    }

    RecordScript closed(Tcp tcp, int error, int state) {
        return connection(RecordLayout.CONNECTION_END, tcp, state == 2 ? 0 : 1, 1, error, state, 0);
    }

    RecordScript connection(int type, Tcp tcp, long established, long closing, int error, int state, int flags) {
        long start = starts.computeIfAbsent(tcp.id, id -> time + 1000);
        assembler.accept(new KernelRecord.Connection(
                header(type, flags | (tcp.server ? RecordLayout.SERVER : 0), tcp.owner),
                tcp.id,
                start,
                established == 0 ? 0 : Math.max(established, start),
                closing == 0 ? 0 : Math.max(closing, start),
                10,
                20,
                30,
                40,
                error,
                tcp.netns,
                state,
                type == RecordLayout.CONNECTION_OPEN && !tcp.server
                        ? new InetSocketAddress(tcp.local.getAddress(), 0)
                        : tcp.local,
                tcp.peer));
        return this;
    }

    @Override
    public boolean wanted() {
        return !listeners.isEmpty();
    }

    @Override
    public void publish(Consumer<TraceListener> event) {
        listeners.forEach(event);
    }

    @Override
    public long pageSize() {
        return 4096;
    }

    @Override
    public long monotonicNanos() {
        return time;
    }

    @Override
    public String jspawnhelper() {
        return JSPAWNHELPER;
    }

    @Override
    public List<String> commandLine(long pid) {
        return List.of("from", "proc", String.valueOf(pid));
    }

    @Override
    public String program(long pid) {
        return "";
    }

    @Override
    public Duration settleTime() {
        return Duration.ofSeconds(5);
    }

    @Override
    public void close() {
        names.close();
    }
}
