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
    private static final long LONGEST_WAY = 1_000_000_000;

    private final Map<Key, ConnectionState> waiting = new HashMap<>();

    private record Key(InetSocketAddress local, InetSocketAddress peer, int netns) {}

    /** Looks for the other end of a connection whose addresses are known; links both, or remembers this one. */
    void match(ConnectionState connection) {
        Connection record = connection.last();
        if (connection.peer != null || record.established() == 0) {
            return;
        }
        int netns = record.peer().getAddress().isLoopbackAddress() ? record.netns() : 0;
        Key reversed = new Key(record.peer(), record.local(), netns);
        ConnectionState other = waiting.get(reversed);
        if (other == null || !together(connection, other)) {
            waiting.put(new Key(record.local(), record.peer(), netns), connection);
            return;
        }
        waiting.remove(reversed);
        connection.peer = other;
        other.peer = connection;
    }

    private static boolean together(ConnectionState one, ConnectionState other) {
        if (one.server() == other.server()) {
            return false;
        }
        return one.server() ? during(other, one) : during(one, other);
    }

    /**
     * Whether the server's handshake was done while the client's end was there, or little later: a client that aborts at
     * once is gone before its last ACK has arrived. Else the one has only the other's port of an earlier time.
     */
    private static boolean during(ConnectionState client, ConnectionState server) {
        long start = server.last().start();
        return start >= client.last().start()
                && (!client.hasEnded() || start <= client.last().header().time() + LONGEST_WAY);
    }
}
