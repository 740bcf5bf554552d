package io.schedtrace.internal.assemble;

import io.schedtrace.hosts.HostOptions;
import io.schedtrace.internal.names.HostNames;
import io.schedtrace.internal.record.Origin;
import io.schedtrace.internal.record.SystemFacts;
import io.schedtrace.internal.record.TraceRecord;
import io.schedtrace.internal.record.TraceRecord.Phase;
import io.schedtrace.lab.DaemonThreads;
import io.schedtrace.model.TraceId;
import io.schedtrace.model.TraceListener;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells an assembler what a kernel could. Each call is one record, a microsecond after the one before. */
final class RecordScript implements SpanEvents, SystemFacts, AutoCloseable {
    static final String JSPAWNHELPER = "/jdk/lib/jspawnhelper";
    static final long WALL_OFFSET = 1_000_000_000;
    private static final int SYN_SENT = 2;
    static final TraceId TRACE = new TraceId(1, 2);

    final HostNames names = HostNames.open(
            HostOptions.defaults().withResolveCandidates(false), List.of(), List.of(), DaemonThreads.FACTORY);
    final SpanAssembler assembler;
    final List<TraceListener> listeners = new ArrayList<>();
    private final Map<Long, Long> starts = new HashMap<>();
    /** Whether listeners have no room for the ends of spans. */
    boolean full;

    private long sequence = 100;
    private long time;

    RecordScript() {
        this(Long.MAX_VALUE);
    }

    RecordScript(long argumentMemory) {
        this(argumentMemory, true);
    }

    RecordScript(long argumentMemory, boolean keepEnded) {
        assembler = new SpanAssembler(new Context(
                TRACE,
                null,
                new WallClock(WALL_OFFSET),
                names,
                this,
                this,
                argumentMemory,
                keepEnded,
                Duration.ofSeconds(5)));
    }

    /** What a record of a connection tells beside who and when. */
    record Tcp(long id, long owner, boolean server, InetSocketAddress local, InetSocketAddress peer, int netns) {}

    /** What is out of the ordinary in a record. */
    enum Trait {
        LOSSY,
        UNREADABLE,
        HIDDEN,
        UNTRACKED,
        PATH_TRUNCATED,
        ABORTED
    }

    private static boolean has(Trait trait, Trait... traits) {
        return Arrays.asList(traits).contains(trait);
    }

    private TraceRecord.Header header(long process) {
        time += 1000;
        return new TraceRecord.Header(1, sequence++, time, process, 1000 + process, process);
    }

    private static Origin origin(long parent, long span) {
        if (parent != 0) {
            return new Origin.ForkedBy(parent);
        }
        return span == 0 ? Origin.TEST_THREAD : new Origin.Launched(span);
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

    RecordScript start(long process, long parent, long span, Trait... traits) {
        assembler.accept(new TraceRecord.Started(
                header(process),
                origin(parent, span),
                parent == 0 ? null : parent,
                5000 + process,
                0,
                0,
                has(Trait.HIDDEN, traits) ? "" : "forked",
                has(Trait.UNTRACKED, traits),
                has(Trait.HIDDEN, traits)));
        return this;
    }

    /** An exec of {@code /bin/NAME} whose first {@code there} bytes of arguments come with it; returns its sequence. */
    long exec(long process, long parent, int number, String path, String arguments, int there, Trait... traits) {
        byte[] block = arguments.getBytes(StandardCharsets.UTF_8);
        TraceRecord.Header header = header(process);
        assembler.accept(new TraceRecord.Executed(
                header,
                origin(parent, 0),
                0,
                0,
                path.substring(path.lastIndexOf('/') + 1),
                path,
                false,
                has(Trait.PATH_TRUNCATED, traits) ? null : path,
                number,
                block.length,
                0,
                1 << 20,
                Arrays.copyOf(block, Math.min(there, block.length)),
                new byte[0],
                has(Trait.UNREADABLE, traits),
                has(Trait.HIDDEN, traits)));
        return header.sequence();
    }

    RecordScript exec(long process, long parent, int number, String path, String... arguments) {
        exec(process, parent, number, path, String.join("\0", arguments) + '\0', Integer.MAX_VALUE);
        return this;
    }

    RecordScript data(long process, long exec, String arguments, int from, int to) {
        assembler.accept(new TraceRecord.ExecData(
                header(process), exec, from, arguments.substring(from, to).getBytes(StandardCharsets.UTF_8)));
        return this;
    }

    RecordScript end(long process, long parent, int execs) {
        return end(process, parent, execs, 0);
    }

    RecordScript end(long process, long parent, int execs, int status, Trait... traits) {
        assembler.accept(new TraceRecord.Ended(
                header(process),
                origin(parent, 0),
                500,
                7,
                3 * 4096,
                status,
                execs,
                1,
                0,
                0,
                parent == 0 ? null : parent,
                has(Trait.HIDDEN, traits) ? "" : "comm",
                has(Trait.LOSSY, traits),
                has(Trait.HIDDEN, traits)));
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
        return connection(Phase.OPENED, tcp, tcp.server ? time + 1000 : 0, 0, 0, 7);
    }

    RecordScript established(Tcp tcp) {
        return connection(Phase.ESTABLISHED, tcp, time + 1000, 0, 0, 2);
    }

    RecordScript closed(Tcp tcp, int error, int state) {
        return connection(Phase.ENDED, tcp, state == SYN_SENT ? 0 : 1, 1, error, state);
    }

    RecordScript connection(
            Phase phase, Tcp tcp, long established, long closing, int error, int state, Trait... traits) {
        long start = starts.computeIfAbsent(tcp.id, id -> time + 1000);
        boolean ended = phase == Phase.ENDED;
        assembler.accept(new TraceRecord.ConnectionChanged(
                header(tcp.owner),
                phase,
                tcp.id,
                tcp.server,
                start,
                established == 0 ? 0 : Math.max(established, start),
                closing == 0 ? 0 : Math.max(closing, start),
                ended || closing != 0 ? new TraceRecord.Traffic(10, 20, 40, Duration.ofNanos(30_000)) : null,
                ended
                        ? new TraceRecord.ConnectionEnd(
                                error == 0 ? null : error,
                                has(Trait.ABORTED, traits),
                                state == SYN_SENT,
                                has(Trait.LOSSY, traits))
                        : null,
                tcp.netns,
                phase == Phase.OPENED && !tcp.server ? new InetSocketAddress(tcp.local.getAddress(), 0) : tcp.local,
                tcp.peer));
        return this;
    }

    /** A listener on 127.0.0.1 begins, or ends; each is known by its id. */
    RecordScript listener(long id, long owner, boolean ended, Integer port, Trait... traits) {
        assembler.accept(new TraceRecord.ListenerChanged(
                header(owner),
                ended,
                id,
                starts.computeIfAbsent(id, key -> time),
                at("127.0.0.1", 1).getAddress(),
                port,
                has(Trait.LOSSY, traits)));
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
    public boolean publishToAll(Consumer<TraceListener> event) {
        if (full) {
            return false;
        }
        publish(event);
        return true;
    }

    @Override
    public long wallOffsetNanos() {
        return WALL_OFFSET;
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
    public @Nullable NetworkInterface networkInterface(int namespace, int index) {
        return null;
    }

    @Override
    public void close() {
        names.close();
    }
}
