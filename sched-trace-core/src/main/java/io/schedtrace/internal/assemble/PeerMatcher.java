package io.schedtrace.internal.assemble;

import io.schedtrace.internal.record.TraceRecord.ConnectionChanged;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the two ends of one connection: the addresses of the one are those of the other, reversed. A loopback
 * address, be it of one end only, means the same host only within one network namespace.
 */
final class PeerMatcher {
    private static final long LONGEST_WAY = 1_000_000_000;

    /** The ends whose other end has not been found; of each network namespace the latest. */
    private final Map<Addresses, List<ConnectionState>> waiting = new HashMap<>();

    /** Those that were let go, in the order of their ends: the other end may still come. */
    private final Deque<ConnectionState> ended = new ArrayDeque<>();

    private record Addresses(InetSocketAddress local, InetSocketAddress peer) {}

    /** Looks for the other end of a connection whose addresses are known; links both, or remembers this one. */
    void match(ConnectionState connection) {
        ConnectionChanged record = connection.last();
        if (connection.peer != null || !record.isEstablished()) {
            return;
        }
        Addresses reversed = new Addresses(record.peer(), record.local());
        List<ConnectionState> others = waiting.getOrDefault(reversed, List.of());
        ConnectionState other = otherEnd(connection, others);
        if (other == null) {
            List<ConnectionState> same =
                    waiting.computeIfAbsent(new Addresses(record.local(), record.peer()), key -> new ArrayList<>(1));
            same.removeIf(earlier -> inOneNamespace(connection, earlier));
            same.add(connection);
            return;
        }
        others.remove(other);
        if (others.isEmpty()) {
            waiting.remove(reversed);
        }
        connection.peer = other;
        other.peer = connection;
    }

    /** Forgets a connection that has ended, as soon as its other end cannot come any more. */
    void letGo(ConnectionState connection) {
        if (connection.peer == null) {
            ended.add(connection);
        }
        long now = connection.last().header().time();
        while (!ended.isEmpty() && ended.element().last().header().time() + 2 * LONGEST_WAY < now) {
            ConnectionChanged oldest = ended.remove().last();
            Addresses addresses = new Addresses(oldest.local(), oldest.peer());
            List<ConnectionState> same = waiting.getOrDefault(addresses, List.of());
            same.removeIf(one -> one.last() == oldest);
            if (same.isEmpty()) {
                waiting.remove(addresses);
            }
        }
    }

    /** The one in the same network namespace, for two namespaces may have equal addresses; else one in any. */
    private static @Nullable ConnectionState otherEnd(ConnectionState connection, List<ConnectionState> others) {
        boolean anywhere = !hasLoopback(connection.last());
        ConnectionState far = null;
        for (ConnectionState other : others) {
            if (together(connection, other)) {
                if (inOneNamespace(connection, other)) {
                    return other;
                }
                far = far == null && anywhere ? other : far;
            }
        }
        return far;
    }

    private static boolean inOneNamespace(ConnectionState one, ConnectionState other) {
        return one.last().networkNamespace() == other.last().networkNamespace();
    }

    private static boolean hasLoopback(ConnectionChanged record) {
        return record.local().getAddress().isLoopbackAddress()
                || record.peer().getAddress().isLoopbackAddress();
    }

    private static boolean together(ConnectionState one, ConnectionState other) {
        if (one.server() == other.server()) {
            return false;
        }
        return one.server() ? during(other, one) : during(one, other);
    }

    /**
     * Whether the server's handshake was done while the client's end was there, or little later: a client that aborts
     * at once is gone before its last ACK has arrived. Else the one has only the other's port of an earlier time.
     */
    private static boolean during(ConnectionState client, ConnectionState server) {
        long start = server.last().start();
        return start >= client.last().start()
                && (!client.hasEnded() || start <= client.last().header().time() + LONGEST_WAY);
    }
}
