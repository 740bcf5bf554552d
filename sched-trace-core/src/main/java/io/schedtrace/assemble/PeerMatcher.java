package io.schedtrace.assemble;

import io.schedtrace.decode.KernelRecord.Connection;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * Finds the two ends of one connection: the addresses of the one are those of the other, reversed. Loopback addresses
 * mean the same host only within one network namespace.
 */
final class PeerMatcher {
    private final Map<Key, ConnectionState> waiting = new HashMap<>();

    private record Key(InetSocketAddress local, InetSocketAddress peer, int netns) {}

    /** Looks for the other end of a connection whose addresses are known; links both, or remembers this one. */
    void match(ConnectionState connection) {
        Connection record = connection.last();
        if (connection.peer != null || record.local().getPort() == 0) {
            return;
        }
        int netns = record.peer().getAddress().isLoopbackAddress() ? record.netns() : 0;
        Key reversed = new Key(record.peer(), record.local(), netns);
        ConnectionState other = waiting.get(reversed);
        if (other == null || other.server() == connection.server() || endedBefore(other, connection)) {
            waiting.put(new Key(record.local(), record.peer(), netns), connection);
            return;
        }
        waiting.remove(reversed);
        connection.peer = other;
        other.peer = connection;
    }

    /** A connection that had ended before the other began only had the same port. */
    private static boolean endedBefore(ConnectionState other, ConnectionState connection) {
        return other.hasEnded()
                && other.last().header().time() < connection.last().start();
    }
}
