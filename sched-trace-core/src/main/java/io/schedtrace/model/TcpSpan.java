package io.schedtrace.model;

import io.schedtrace.internal.text.Addresses;
import io.schedtrace.internal.text.Constants;
import io.schedtrace.internal.text.Printable;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One end of a TCP connection, from the first SYN (client) or the completed handshake (server) to the end of the
 * kernel's socket.
 *
 * @param traceId the trace that the span belongs to
 * @param spanId the span's own id
 * @param parentSpanId the span of the owning process; for the server's end of a connection whose client is in the same
 *     trace, the span of the client's end
 * @param processSpanId the span of the owning process: the one that connected, or, for a server, the one that closed
 *     the connection (before that, the one that listened); null if that is the test itself
 * @param pid the process id of the owner, as {@link ProcessSpan#pid()}
 * @param role which end this is
 * @param local the address of this end; port 0 if the kernel had not chosen it when the connection failed
 * @param peer the address of the other end
 * @param localHosts names of the local address, best first
 * @param peerHosts names of the peer's address, best first
 * @param startTime the first SYN of a client; for a server, the end of the handshake
 * @param establishedTime when the handshake was done; null if it was not
 * @param endTime when the kernel's socket closed, or the local close where the peer has not answered it ({@link
 *     Outcome#CLOSING}); null while it is open
 * @param duration the time from start to end, or to this snapshot
 * @param bytesSent payload bytes sent, without retransmissions; 0 until the (local) close ({@link #countersKnown()})
 * @param bytesReceived payload bytes received in order; 0 until the (local) close
 * @param retransmits segments sent again; 0 until the (local) close
 * @param rtt the kernel's smoothed round-trip time; 0 until the (local) close
 * @param outcome how it ended
 * @param error the name of the socket's error, such as {@code ECONNREFUSED}; null if there was none
 * @param peerSpanId the span of the other end if it is in the same trace, else null
 * @param complete whether it has ended and its last kernel record has arrived
 */
public record TcpSpan(
        TraceId traceId,
        SpanId spanId,
        @Nullable SpanId parentSpanId,
        @Nullable SpanId processSpanId,
        long pid,
        Role role,
        InetSocketAddress local,
        InetSocketAddress peer,
        List<HostName> localHosts,
        List<HostName> peerHosts,
        Instant startTime,
        @Nullable Instant establishedTime,
        @Nullable Instant endTime,
        Duration duration,
        long bytesSent,
        long bytesReceived,
        int retransmits,
        Duration rtt,
        Outcome outcome,
        @Nullable String error,
        @Nullable SpanId peerSpanId,
        boolean complete)
        implements Span {
    /** Copies the lists. */
    public TcpSpan {
        localHosts = List.copyOf(localHosts);
        peerHosts = List.copyOf(peerHosts);
    }

    /** The side of a connection. */
    public enum Role {
        /** The side that connected. */
        CLIENT,
        /** The side that accepted. */
        SERVER
    }

    /** How a connection ended. */
    public enum Outcome {
        /** It was still open. */
        OPEN,
        /** This side has closed, the peer has not acknowledged that (yet). */
        CLOSING,
        /** Both sides closed in order. */
        CLOSED,
        /** The peer refused the connection. */
        REFUSED,
        /** One of the sides aborted it with RST; {@link TcpSpan#error()} is null where this side did. */
        RESET,
        /** The peer did not answer in time, as the kernel has it. */
        TIMED_OUT,
        /** This side closed it before the peer had answered: another address was quicker, a time limit was short. */
        ABANDONED,
        /** The network reported that the peer cannot be reached. */
        UNREACHABLE,
        /** It failed in another way; {@link TcpSpan#error()} tells. */
        FAILED,
    }

    /** The address family. */
    public enum Family {
        /** IPv4, IPv4-mapped IPv6 addresses included. */
        IPV4,
        /** IPv6. */
        IPV6
    }

    /** The address family of {@link #peer()}. */
    public Family family() {
        return peer.getAddress() instanceof Inet4Address ? Family.IPV4 : Family.IPV6;
    }

    /** Whether bytes, retransmits and rtt are known: the kernel is asked for them when this side closes. */
    public boolean countersKnown() {
        return outcome != Outcome.OPEN;
    }

    /** The best name of the peer, else its address in numbers; for people. */
    public String peerName() {
        return peerHosts.isEmpty()
                ? Addresses.format(peer.getAddress())
                : peerHosts.get(0).name();
    }

    /** How it ended, in words for people: {@code closed}, {@code timed out}, {@code refused (ECONNREFUSED)}. */
    public String describeOutcome() {
        String words = Constants.words(outcome);
        return error == null ? words : words + " (" + Printable.escape(error) + ")";
    }
}
