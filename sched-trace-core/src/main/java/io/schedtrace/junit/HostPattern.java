package io.schedtrace.junit;

import io.schedtrace.HostName;
import io.schedtrace.TcpSpan;
import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/** The part of a {@link ConnectionPattern} that stands for hosts. */
sealed interface HostPattern {
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
                return Arrays.asList(InetAddress.getAllByName(IDN.toASCII(name)))
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
