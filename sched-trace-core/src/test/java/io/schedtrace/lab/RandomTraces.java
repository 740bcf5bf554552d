package io.schedtrace.lab;

import io.schedtrace.model.Exec;
import io.schedtrace.model.ExitStatus;
import io.schedtrace.model.HostName;
import io.schedtrace.model.ListenSpan;
import io.schedtrace.model.Loss;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.SessionSpan;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TraceId;
import io.schedtrace.model.Via;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Traces with anything in them that a builder takes, by a seed. */
public final class RandomTraces {
    private static final List<String> HOSTILE = HostileStrings.all().toList();

    private final Random random;
    private final TraceId traceId;
    private final List<ProcessSpan> processes = new ArrayList<>();
    private final List<SpanId> connectionIds = new ArrayList<>();

    private RandomTraces(long seed) {
        random = new Random(seed);
        traceId = new TraceId(random.nextLong(), random.nextLong());
    }

    /** The trace of a seed. */
    public static Trace trace(long seed) {
        return new RandomTraces(seed).trace();
    }

    private Trace trace() {
        for (int i = random.nextInt(20); i > 0; i--) {
            processes.add(process());
        }
        return Trace.builder()
                .traceId(traceId)
                .parentSpanId(maybe(this::id))
                .session(maybe(this::session))
                .processes(processes)
                .connections(list(10, this::connection))
                .listeners(list(5, this::listener))
                .loss(loss())
                .via(one(Via.values()))
                .build();
    }

    private ProcessSpan process() {
        ProcessSpan.Builder builder = ProcessSpan.builder();
        Instant end = maybe(this::time);
        boolean hidden = random.nextInt(5) == 0;
        return builder.traceId(traceId)
                .spanId(id())
                .startTime(time())
                .endTime(end)
                .duration(duration())
                .complete(random.nextBoolean())
                .parentSpanId(processes.isEmpty() ? maybe(this::id) : maybe(this::owner))
                .pid(random.nextLong())
                .hostPid(maybe(random::nextLong))
                .ppid(maybe(random::nextLong))
                .uid(maybe(random::nextInt))
                .gid(maybe(random::nextInt))
                .comm(text())
                .exe(maybe(this::text))
                .arguments(list(5, this::text))
                .argumentsTruncated(random.nextBoolean())
                .execs(list(3, this::exec))
                .hidden(hidden)
                .exit(maybe(() -> new ExitStatus(random.nextInt())))
                .cpuTime(maybe(this::duration))
                .maxRssBytes(maybe(random::nextLong))
                .threads(maybe(random::nextInt))
                .build();
    }

    private Exec exec() {
        Exec.Builder exec = Exec.builder()
                .time(time())
                .exe(text())
                .filename(text())
                .filenameTruncated(random.nextBoolean())
                .arguments(list(5, this::text))
                .truncated(random.nextBoolean());
        return random.nextBoolean() ? exec.build() : exec.name(text()).build();
    }

    private TcpSpan connection() {
        TcpSpan.Builder builder = TcpSpan.builder();
        Instant end = maybe(this::time);
        TcpSpan connection = builder.traceId(traceId)
                .spanId(id())
                .startTime(time())
                .endTime(end)
                .duration(duration())
                .complete(random.nextBoolean())
                .parentSpanId(maybe(this::id))
                .processSpanId(maybe(this::owner))
                .pid(maybe(random::nextLong))
                .role(one(TcpSpan.Role.values()))
                .local(new InetSocketAddress(address(), random.nextInt(0x10000)))
                .peer(new InetSocketAddress(address(), random.nextInt(0x10000)))
                .localHosts(list(2, this::host))
                .peerHosts(list(3, this::host))
                .establishedTime(maybe(this::time))
                .counters(maybe(this::counters))
                .outcome(one(TcpSpan.Outcome.values()))
                .error(maybe(this::text))
                .peerSpanId(maybe(() -> connectionIds.isEmpty() ? id() : connectionIds.get(0)))
                .build();
        connectionIds.add(connection.spanId());
        return connection;
    }

    private TcpSpan.Counters counters() {
        return TcpSpan.Counters.builder()
                .bytesSent(random.nextLong())
                .bytesReceived(random.nextLong())
                .retransmits(maybe(random::nextInt))
                .rtt(maybe(this::duration))
                .build();
    }

    private ListenSpan listener() {
        ListenSpan.Builder builder = ListenSpan.builder();
        Instant end = maybe(this::time);
        return builder.traceId(traceId)
                .spanId(id())
                .startTime(time())
                .endTime(end)
                .duration(duration())
                .complete(random.nextBoolean())
                .parentSpanId(maybe(this::id))
                .processSpanId(maybe(this::owner))
                .pid(maybe(random::nextLong))
                .address(address())
                .port(maybe(() -> random.nextInt(0x10000)))
                .build();
    }

    private SessionSpan session() {
        SessionSpan.Builder builder = SessionSpan.builder();
        Instant end = maybe(this::time);
        return builder.traceId(traceId)
                .spanId(id())
                .startTime(time())
                .endTime(end)
                .duration(duration())
                .complete(random.nextBoolean())
                .parentSpanId(maybe(this::id))
                .name(text())
                .build();
    }

    private Loss loss() {
        return Loss.builder()
                .recordsByType(
                        random.nextBoolean()
                                ? Map.of()
                                : Map.of("process_exec", 3L, "process_end", 1L + random.nextInt(9)))
                .untracked(random.nextInt(3))
                .truncated(random.nextInt(3))
                .listenerEvents(random.nextInt(3))
                .cut(maybe(this::text))
                .build();
    }

    private HostName host() {
        return new HostName(text(), text());
    }

    private InetAddress address() {
        byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
        random.nextBytes(bytes);
        if (bytes.length == 16) {
            switch (random.nextInt(4)) {
                case 0 -> {
                    bytes[0] = (byte) 0xfe;
                    bytes[1] = (byte) 0x80;
                }
                case 1 -> Arrays.fill(bytes, 0, 10, (byte) 0);
                case 2 -> {
                    Arrays.fill(bytes, 0, 10, (byte) 0);
                    bytes[10] = (byte) 0xff;
                    bytes[11] = (byte) 0xff;
                }
                default -> {}
            }
        }
        try {
            return bytes.length == 4
                    ? InetAddress.getByAddress(bytes)
                    : Inet6Address.getByAddress(null, bytes, random.nextInt(3));
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private SpanId owner() {
        return processes.isEmpty()
                ? id()
                : processes.get(random.nextInt(processes.size())).spanId();
    }

    private SpanId id() {
        return new SpanId(random.nextLong() | 1);
    }

    private Instant time() {
        return Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
    }

    private Duration duration() {
        return Duration.ofNanos(random.nextLong() >> random.nextInt(40));
    }

    private String text() {
        return switch (random.nextInt(4)) {
            case 0 -> HOSTILE.get(random.nextInt(HOSTILE.size()));
            case 1 -> "/usr/bin/" + random.nextInt(100);
            case 2 ->
                random.ints(random.nextInt(8), 0, 0x10000)
                        .collect(StringBuilder::new, (all, c) -> all.append((char) c), StringBuilder::append)
                        .toString();
            default -> "word";
        };
    }

    private <T> List<T> list(int most, Supplier<T> element) {
        List<T> list = new ArrayList<>();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            list.add(element.get());
        }
        return list;
    }

    private <T> @Nullable T maybe(Supplier<T> value) {
        return random.nextInt(3) == 0 ? null : value.get();
    }

    private <E> E one(E[] values) {
        return values[random.nextInt(values.length)];
    }
}
