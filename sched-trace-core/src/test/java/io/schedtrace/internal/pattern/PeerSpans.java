package io.schedtrace.internal.pattern;

import io.schedtrace.model.HostName;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TcpSpan.Role;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** Spans of which only the role and the peer matter. */
public final class PeerSpans {
    private PeerSpans() {}

    /** A connection with a peer at that address in numbers, which has these names. */
    public static TcpSpan to(Role role, String address, int port, String... names) {
        try {
            return TcpSpan.builder()
                    .role(role)
                    .peer(new InetSocketAddress(InetAddress.getByName(address), port))
                    .peerHosts(Arrays.stream(names)
                            .map(name -> new HostName(name, "dns"))
                            .toList())
                    .build();
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
