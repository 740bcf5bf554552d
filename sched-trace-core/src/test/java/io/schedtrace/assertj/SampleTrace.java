package io.schedtrace.assertj;

import io.schedtrace.model.Exec;
import io.schedtrace.model.ExitStatus;
import io.schedtrace.model.HostName;
import io.schedtrace.model.ListenSpan;
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
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A hand-made trace:
 *
 * <pre>
 * sh
 * ├─ ls
 * ├─ curl      → db.test:5432 (10.0.0.7), → 127.0.0.1:1 refused, ← [::1]:50001
 * └─ make
 *    ├─ cc     killed by SIGTERM
 *    └─ cc
 * </pre>
 */
final class SampleTrace {
    static final TraceId ID = new TraceId(0, 1);
    static final Instant START = Instant.EPOCH;

    static final ProcessSpan SH = process(1, null, new ExitStatus(0), "sh", "-c", "ls; curl; make");
    static final ProcessSpan LS = process(2, SH, new ExitStatus(0), "ls", "-l", "a b");
    static final ProcessSpan CURL = process(3, SH, new ExitStatus(0x700), "curl", "http://localhost:1/");
    static final ProcessSpan MAKE = process(4, SH, new ExitStatus(0x200), "make", "-j2");
    static final ProcessSpan CC1 = process(5, MAKE, new ExitStatus(15), "cc", "-c", "a.c");
    static final ProcessSpan CC2 = process(6, MAKE, new ExitStatus(0), "cc", "-c", "b.c");
    static final ProcessSpan RUNNING = process(7, SH, null, "sleep", "100");

    static final TcpSpan TO_DB = connection(
            10, CURL, Role.CLIENT, Outcome.CLOSED, null, address("10.0.0.7", 5432), "db.test", "db.example.org");
    static final TcpSpan REFUSED =
            connection(11, CURL, Role.CLIENT, Outcome.REFUSED, "ECONNREFUSED", address("127.0.0.1", 1));
    static final TcpSpan ACCEPTED =
            connection(12, CURL, Role.SERVER, Outcome.CLOSED, null, address("::1", 50_001), "client.test");

    static final Trace TRACE = trace(Loss.NONE, SH, LS, CURL, MAKE, CC1, CC2, TO_DB, REFUSED, ACCEPTED);

    private SampleTrace() {}

    static Trace trace(Loss loss, Object... spans) {
        return Trace.builder()
                .traceId(ID)
                .processes(Stream.of(spans)
                        .filter(ProcessSpan.class::isInstance)
                        .map(ProcessSpan.class::cast)
                        .toList())
                .connections(Stream.of(spans)
                        .filter(TcpSpan.class::isInstance)
                        .map(TcpSpan.class::cast)
                        .toList())
                .listeners(Stream.of(spans)
                        .filter(ListenSpan.class::isInstance)
                        .map(ListenSpan.class::cast)
                        .toList())
                .loss(loss)
                .build();
    }

    /** It ran for 1.5 s, used 20 ms of CPU time and 4 MiB. */
    static ProcessSpan process(long id, @Nullable ProcessSpan parent, @Nullable ExitStatus exit, String... command) {
        String exe = "/usr/bin/" + command[0];
        Duration duration = Duration.ofMillis(1500);
        Exec exec =
                Exec.builder().time(START).exe(exe).arguments(List.of(command)).build();
        return ProcessSpan.builder()
                .traceId(ID)
                .spanId(new SpanId(id))
                .parentSpanId(parent == null ? null : parent.spanId())
                .pid(id)
                .hostPid(id)
                .uid(0)
                .gid(0)
                .execs(List.of(exec))
                .startTime(START)
                .endTime(exit == null ? null : START.plus(duration))
                .duration(duration)
                .exit(exit)
                .cpuTime(exit == null ? null : Duration.ofMillis(20))
                .maxRssBytes(exit == null ? null : 4L << 20)
                .threads(exit == null ? null : 1)
                .build();
    }

    static ListenSpan listener(long id, @Nullable ProcessSpan owner, int port) {
        ListenSpan.Builder builder =
                ListenSpan.builder().address(address("::", port).getAddress()).port(port);
        return (owner == null ? builder.traceId(ID) : builder.process(owner))
                .spanId(new SpanId(id))
                .startTime(START)
                .build();
    }

    static TcpSpan connection(
            long id,
            ProcessSpan owner,
            Role role,
            Outcome outcome,
            @Nullable String error,
            InetSocketAddress peer,
            String... names) {
        return TcpSpan.builder()
                .traceId(ID)
                .spanId(new SpanId(id))
                .parentSpanId(owner.spanId())
                .processSpanId(owner.spanId())
                .pid(owner.pid())
                .role(role)
                .local(address("127.0.0.1", 40_000))
                .peer(peer)
                .peerHosts(
                        Stream.of(names).map(name -> new HostName(name, "dns")).toList())
                .startTime(START)
                .establishedTime(outcome == Outcome.REFUSED ? null : START)
                .endTime(START)
                .counters(
                        outcome == Outcome.OPEN
                                ? null
                                : Counters.builder().retransmits(0).build())
                .outcome(outcome)
                .error(error)
                .complete(outcome != Outcome.OPEN)
                .build();
    }

    static InetSocketAddress address(String numbers, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByName(numbers), port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
