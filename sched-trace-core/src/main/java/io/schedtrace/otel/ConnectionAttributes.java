package io.schedtrace.otel;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.schedtrace.internal.text.Addresses;
import io.schedtrace.model.HostName;
import io.schedtrace.model.ListenSpan;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TcpSpan.Counters;
import io.schedtrace.model.TcpSpan.Outcome;
import io.schedtrace.model.TcpSpan.Role;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What of a connection or a listener goes into a span, by the semantic conventions for networks. */
final class ConnectionAttributes {
    private static final AttributeKey<String> TRANSPORT = AttributeKey.stringKey("network.transport");
    private static final AttributeKey<String> TYPE = AttributeKey.stringKey("network.type");
    private static final AttributeKey<String> PEER_ADDRESS = AttributeKey.stringKey("network.peer.address");
    private static final AttributeKey<Long> PEER_PORT = AttributeKey.longKey("network.peer.port");
    private static final AttributeKey<String> LOCAL_ADDRESS = AttributeKey.stringKey("network.local.address");
    private static final AttributeKey<Long> LOCAL_PORT = AttributeKey.longKey("network.local.port");
    private static final AttributeKey<String> SERVER_ADDRESS = AttributeKey.stringKey("server.address");
    private static final AttributeKey<Long> SERVER_PORT = AttributeKey.longKey("server.port");
    private static final AttributeKey<String> CLIENT_ADDRESS = AttributeKey.stringKey("client.address");
    private static final AttributeKey<Long> CLIENT_PORT = AttributeKey.longKey("client.port");

    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("schedtrace.tcp.outcome");
    private static final AttributeKey<Long> BYTES_SENT = AttributeKey.longKey("schedtrace.tcp.bytes_sent");
    private static final AttributeKey<Long> BYTES_RECEIVED = AttributeKey.longKey("schedtrace.tcp.bytes_received");
    private static final AttributeKey<Long> RETRANSMITS = AttributeKey.longKey("schedtrace.tcp.retransmits");
    private static final AttributeKey<Long> RTT = AttributeKey.longKey("schedtrace.tcp.rtt_ns");
    private static final AttributeKey<List<String>> PEER_NAMES =
            AttributeKey.stringArrayKey("schedtrace.tcp.peer_names");

    private ConnectionAttributes() {}

    /** {@code connect redis:6379}, {@code accept 8080}. */
    static String name(TcpSpan connection) {
        if (connection.role() == Role.SERVER) {
            return "accept " + connection.local().getPort();
        }
        InetSocketAddress peer = connection.peer();
        return "connect "
                + (connection.peerHosts().isEmpty()
                        ? Addresses.withPort(peer)
                        : host(connection.peerHosts(), peer) + ':' + peer.getPort());
    }

    static void put(TcpSpan connection, AttributesBuilder to) {
        InetSocketAddress peer = connection.peer();
        InetSocketAddress local = connection.local();
        ProcessAttributes.put(ProcessAttributes.PID, connection.pid(), to);
        to.put(TRANSPORT, "tcp");
        to.put(TYPE, lowerCase(connection.family()));
        to.put(PEER_ADDRESS, Addresses.format(peer.getAddress()));
        to.put(PEER_PORT, (long) peer.getPort());
        to.put(LOCAL_ADDRESS, Addresses.format(local.getAddress()));
        to.put(LOCAL_PORT, (long) local.getPort());
        boolean client = connection.role() == Role.CLIENT;
        to.put(client ? SERVER_ADDRESS : CLIENT_ADDRESS, host(connection.peerHosts(), peer));
        to.put(client ? SERVER_PORT : CLIENT_PORT, (long) peer.getPort());
        if (!client) {
            to.put(SERVER_ADDRESS, host(connection.localHosts(), local));
            to.put(SERVER_PORT, (long) local.getPort());
        }
        if (!connection.peerHosts().isEmpty()) {
            to.put(
                    PEER_NAMES,
                    connection.peerHosts().stream().map(HostName::name).toList());
        }
        ending(connection, to);
    }

    /** {@code listen 8080}, or {@code listen} if the port is not known. */
    static String name(ListenSpan listener) {
        return listener.port() == null ? "listen" : "listen " + listener.port();
    }

    static void put(ListenSpan listener, AttributesBuilder to) {
        InetAddress address = listener.address();
        Integer port = listener.port();
        ProcessAttributes.put(ProcessAttributes.PID, listener.pid(), to);
        to.put(TRANSPORT, "tcp");
        to.put(TYPE, address instanceof Inet4Address ? "ipv4" : "ipv6");
        to.put(LOCAL_ADDRESS, Addresses.format(address));
        ProcessAttributes.put(LOCAL_PORT, port == null ? null : port.longValue(), to);
        if (!listener.complete()) {
            to.put(ProcessAttributes.INCOMPLETE, true);
        }
    }

    private static void ending(TcpSpan connection, AttributesBuilder to) {
        to.put(OUTCOME, lowerCase(connection.outcome()));
        if (connection.counters() != null) {
            counters(connection.counters(), to);
        }
        ProcessAttributes.put(ProcessAttributes.ERROR_TYPE, error(connection), to);
        if (!connection.complete()) {
            to.put(ProcessAttributes.INCOMPLETE, true);
        }
    }

    private static void counters(Counters counters, AttributesBuilder to) {
        to.put(BYTES_SENT, counters.bytesSent());
        to.put(BYTES_RECEIVED, counters.bytesReceived());
        Integer retransmits = counters.retransmits();
        Duration rtt = counters.rtt();
        ProcessAttributes.put(RETRANSMITS, retransmits == null ? null : retransmits.longValue(), to);
        ProcessAttributes.put(RTT, rtt == null ? null : rtt.toNanos(), to);
    }

    static StatusData status(TcpSpan connection) {
        String error = error(connection);
        return error == null
                ? StatusData.unset()
                : FinishedSpans.error(lowerCase(connection.outcome()).replace('_', ' ') + " (" + error + ')');
    }

    /**
     * The socket's error, else the outcome, of a connection that failed; an orderly abort by this side is no failure.
     */
    private static @Nullable String error(TcpSpan connection) {
        Outcome outcome = connection.outcome();
        return switch (outcome) {
            case OPEN, CLOSING, CLOSED, ABANDONED -> null;
            case RESET -> connection.error();
            default -> connection.error() == null ? lowerCase(outcome) : connection.error();
        };
    }

    static List<EventData> events(TcpSpan connection) {
        return connection.role() == Role.SERVER || connection.establishedTime() == null
                ? List.of()
                : List.of(EventData.create(
                        FinishedSpans.nanos(connection.establishedTime()), "established", Attributes.empty()));
    }

    private static String host(List<HostName> names, InetSocketAddress address) {
        return names.isEmpty()
                ? Addresses.format(address.getAddress())
                : Text.clean(names.get(0).name());
    }

    private static String lowerCase(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
