package io.schedtrace.internal.assemble;

import io.schedtrace.internal.record.SystemFacts;
import io.schedtrace.internal.record.TraceRecord.ConnectionChanged;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** The zone of link-local IPv6 addresses: the network interface that they belong to (RFC 4007). */
final class Zone {
    private Zone() {}

    /** The interface of a connection between link-local addresses; null for other addresses, and if it is not known. */
    static @Nullable NetworkInterface of(ConnectionChanged record, SystemFacts system) {
        return record.peer().getAddress() instanceof Inet6Address peer && hasIndex(peer)
                ? system.networkInterface(record.networkNamespace(), peer.getScopeId())
                : null;
    }

    private static boolean hasIndex(Inet6Address address) {
        return address.isLinkLocalAddress() && address.getScopeId() != 0;
    }

    /** Returns the address with the interface in place of its index. */
    static InetSocketAddress named(InetSocketAddress address, @Nullable NetworkInterface zone) {
        return zone != null && address.getAddress() instanceof Inet6Address six && hasIndex(six)
                ? new InetSocketAddress(named(six, zone), address.getPort())
                : address;
    }

    private static InetAddress named(Inet6Address address, NetworkInterface zone) {
        try {
            return Inet6Address.getByAddress(null, address.getAddress(), zone);
        } catch (UnknownHostException e) {
            return address;
        }
    }
}
