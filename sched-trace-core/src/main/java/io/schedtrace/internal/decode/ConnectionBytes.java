package io.schedtrace.internal.decode;

import io.schedtrace.bpf.RecordLayout;
import io.schedtrace.internal.record.TraceRecord.ConnectionChanged;
import io.schedtrace.internal.record.TraceRecord.ConnectionEnd;
import io.schedtrace.internal.record.TraceRecord.Header;
import io.schedtrace.internal.record.TraceRecord.Phase;
import io.schedtrace.internal.record.TraceRecord.Traffic;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;

/** Reads records of connections, {@code struct st_connection}. Addresses repeat: recent ones are not made again. */
final class ConnectionBytes {
    /** The state of a socket that waits for an answer to its SYN: include/net/tcp_states.h. */
    private static final int TCP_SYN_SENT = 2;

    private final Recent<InetAddress> addresses = new Recent<>(ConnectionBytes::readAddress);

    ConnectionChanged read(Header header, Phase phase, ByteBuffer ring, int at) {
        int flags = ring.getShort(at + RecordLayout.Header.FLAGS);
        long closing = ring.getLong(at + RecordLayout.Connection.CLOSING);
        int device = ring.getInt(at + RecordLayout.Connection.DEVICE);
        return new ConnectionChanged(
                header,
                phase,
                ring.getLong(at + RecordLayout.Connection.CONNECTION),
                (flags & RecordLayout.Flag.SERVER) != 0,
                ring.getLong(at + RecordLayout.Connection.START),
                ring.getLong(at + RecordLayout.Connection.ESTABLISHED),
                closing,
                (phase == Phase.ENDED || closing != 0) && (flags & RecordLayout.Flag.UNCOUNTED) == 0
                        ? traffic(ring, at)
                        : null,
                phase == Phase.ENDED ? end(flags, ring, at) : null,
                ring.getInt(at + RecordLayout.Connection.NETNS),
                socketAddress(
                        ring, at + RecordLayout.Connection.LOCAL, at + RecordLayout.Connection.LOCAL_PORT, device),
                socketAddress(ring, at + RecordLayout.Connection.PEER, at + RecordLayout.Connection.PEER_PORT, device));
    }

    private static Traffic traffic(ByteBuffer ring, int at) {
        int rtt = ring.getInt(at + RecordLayout.Connection.RTT);
        return new Traffic(
                ring.getLong(at + RecordLayout.Connection.BYTES_SENT),
                ring.getLong(at + RecordLayout.Connection.BYTES_RECEIVED),
                ring.getInt(at + RecordLayout.Connection.RETRANSMITS),
                rtt == 0 ? null : Duration.ofNanos(rtt * 1000L));
    }

    private static ConnectionEnd end(int flags, ByteBuffer ring, int at) {
        int error = ring.getInt(at + RecordLayout.Connection.ERROR);
        return new ConnectionEnd(
                error == 0 ? null : error,
                (flags & RecordLayout.Flag.ABORTED) != 0,
                ring.getShort(at + RecordLayout.Connection.STATE) == TCP_SYN_SENT,
                (flags & RecordLayout.Flag.LOSSY) != 0);
    }

    private InetSocketAddress socketAddress(ByteBuffer ring, int address, int port, int device) {
        return new InetSocketAddress(address(ring, address, device), Short.toUnsignedInt(ring.getShort(port)));
    }

    /** An address of a socket. A link-local one has the interface of the socket as its zone: RFC 4007. */
    InetAddress address(ByteBuffer ring, int at, int device) {
        InetAddress address = address(ring, at);
        if (device == 0 || !(address instanceof Inet6Address) || !address.isLinkLocalAddress()) {
            return address;
        }
        try {
            return Inet6Address.getByAddress(null, address.getAddress(), device);
        } catch (UnknownHostException e) {
            throw new AssertionError("16 bytes are an address", e);
        }
    }

    /** The address at {@code at}. */
    InetAddress address(ByteBuffer ring, int at) {
        return addresses.read(ring, at, RecordLayout.Connection.LOCAL_LENGTH);
    }

    private static InetAddress readAddress(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("16 bytes are an address", e);
        }
    }
}
