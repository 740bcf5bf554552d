package io.schedtrace.internal.pattern;

import io.schedtrace.internal.text.HostText;
import io.schedtrace.model.HostName;
import io.schedtrace.model.TcpSpan;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which hosts are meant: {@code *}; {@code localhost}, which is every loopback address; a name, {@code db.test}; every name
 * under a domain, {@code *.test}; an address, {@code 10.0.0.7}, {@code ::1} or {@code [::1]}; a network, {@code 10.0.0.0/8},
 * {@code fd00::/8} or {@code [fd00::/8]}.
 */
public sealed interface HostPattern {
    /** @throws IllegalArgumentException if it is none; the message says why */
    static HostPattern parse(String text) {
        if (text.equals("*")) {
            return new Any();
        }
        if (text.equalsIgnoreCase("localhost")) {
            return new Loopback();
        }
        InetAddress address = address(text);
        if (address != null) {
            return network(address, bare(text));
        }
        if (text.startsWith("[") || text.indexOf('/') >= 0) {
            throw new IllegalArgumentException("there is no address in it");
        }
        boolean domain = text.startsWith("*.");
        String name = HostText.normalize(domain ? text.substring(2) : text);
        if (name == null) {
            throw new IllegalArgumentException("'" + text + "' is neither a host name nor an address");
        }
        return domain ? new Domain('.' + name) : new Name(name);
    }

    /** Whether it is an address or, before the length of its prefix, a network; brackets stand around IPv6 alone. */
    static boolean isAddress(String text) {
        return address(text) != null;
    }

    private static @Nullable InetAddress address(String text) {
        String bare = bare(text);
        int slash = bare.indexOf('/');
        String address = slash < 0 ? bare : bare.substring(0, slash);
        return address.indexOf(':') >= 0 || !text.startsWith("[") ? HostText.address(address) : null;
    }

    private static String bare(String text) {
        return text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
    }

    private static HostPattern network(InetAddress address, String text) {
        int bits = address.getAddress().length * Byte.SIZE;
        int slash = text.indexOf('/');
        if (slash < 0) {
            return new Network(address, bits);
        }
        String prefix = text.substring(slash + 1);
        int length = prefix.matches("\\d{1,3}") ? Integer.parseInt(prefix) : Integer.MAX_VALUE;
        if (length > bits) {
            throw new IllegalArgumentException("the length of a prefix is a number from 0 to " + bits);
        }
        Network network = new Network(address, length);
        if (!network.isWhole()) {
            throw new IllegalArgumentException("the address has bits beyond its prefix of " + length);
        }
        return network;
    }

    /** Whether what the trace knows of the peer fits. */
    boolean fits(TcpSpan connection);

    /** Whether the name leads to the peer's address; may ask the network. */
    default boolean leadsTo(TcpSpan connection) {
        return false;
    }

    /** Every host. */
    record Any() implements HostPattern {
        @Override
        public boolean fits(TcpSpan connection) {
            return true;
        }
    }

    /** The addresses that have their first {@code prefix} bits in common with one. */
    record Network(InetAddress address, int prefix) implements HostPattern {
        @Override
        public boolean fits(TcpSpan connection) {
            byte[] own = address.getAddress();
            byte[] peer = connection.peer().getAddress().getAddress();
            return own.length == peer.length && sameBits(own, peer, prefix);
        }

        /** Whether no bit after the prefix is set. */
        boolean isWhole() {
            byte[] own = address.getAddress();
            byte[] zero = new byte[own.length];
            for (int bit = prefix; bit < own.length * Byte.SIZE; bit++) {
                if (bit(own, bit) != bit(zero, bit)) {
                    return false;
                }
            }
            return true;
        }

        private static boolean sameBits(byte[] a, byte[] b, int bits) {
            for (int bit = 0; bit < bits; bit++) {
                if (bit(a, bit) != bit(b, bit)) {
                    return false;
                }
            }
            return true;
        }

        private static int bit(byte[] bytes, int bit) {
            return bytes[bit / Byte.SIZE] >> (Byte.SIZE - 1 - bit % Byte.SIZE) & 1;
        }
    }

    /** {@code localhost}. */
    record Loopback() implements HostPattern {
        @Override
        public boolean fits(TcpSpan connection) {
            return connection.peer().getAddress().isLoopbackAddress();
        }
    }

    /** One name, in lower case and Unicode, as the trace has names. */
    record Name(String name) implements HostPattern {
        @Override
        public boolean fits(TcpSpan connection) {
            return names(connection).contains(name);
        }

        @Override
        public boolean leadsTo(TcpSpan connection) {
            try {
                return Arrays.asList(InetAddress.getAllByName(HostText.ascii(name)))
                        .contains(connection.peer().getAddress());
            } catch (UnknownHostException e) {
                return false;
            }
        }
    }

    /** Every name under a domain: {@code suffix} is in lower case and Unicode, and begins with a dot. */
    record Domain(String suffix) implements HostPattern {
        @Override
        public boolean fits(TcpSpan connection) {
            return names(connection).stream().anyMatch(name -> name.endsWith(suffix));
        }
    }

    private static List<String> names(TcpSpan connection) {
        return connection.peerHosts().stream().map(HostName::name).toList();
    }
}
