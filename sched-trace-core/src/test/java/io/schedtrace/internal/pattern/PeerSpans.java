package io.schedtrace.internal.pattern;

import io.schedtrace.model.HostName;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TcpSpan.Outcome;
import io.schedtrace.model.TcpSpan.Role;
import io.schedtrace.model.TraceId;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** Spans of which only the role and the peer matter. */
public final class PeerSpans {
    private PeerSpans() {}

    /** A connection with a peer at that address in numbers, which has these names. */
    public static TcpSpan to(Role role, String address, int port, String... names) {
        try {
            return new TcpSpan(
                    TraceId.random(),
                    SpanId.random(),
                    null,
                    null,
                    1,
                    role,
                    new InetSocketAddress(InetAddress.getByName("192.0.2.1"), 50_000),
                    new InetSocketAddress(InetAddress.getByName(address), port),
                    List.of(),
                    Arrays.stream(names).map(name -> new HostName(name, "dns")).toList(),
                    Instant.EPOCH,
                    null,
                    null,
                    Duration.ZERO,
                    0,
                    0,
                    0,
                    Duration.ZERO,
                    Outcome.OPEN,
                    null,
                    null,
                    false);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
