package io.schedtrace.assertj;

import io.schedtrace.TcpSpan;
import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which peers of a connection are meant; {@link AbstractConnectionsAssert} says how it is written. Immutable. */
final class PeerPattern {
    private static final Pattern LITERAL = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-f.]*:[0-9a-f:.]*");
    private static final Pattern IPV4 = Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}");
    private static final Pattern NAME =
            Pattern.compile("(\\*\\.)?[\\p{L}\\p{N}_]([\\p{L}\\p{N}_.-]*[\\p{L}\\p{N}_])?\\.?");
    private static final int MAX_PORT = 65_535;
    private static final int ANY_PORT = -1;

    private final String text;
    private final String host;
    private final int port;
    private final byte @Nullable [] network;
    private final int networkBits;

    private PeerPattern(String text, String host, int port) {
        this.text = text;
        this.port = port;
        int slash = host.indexOf('/');
        String address = slash < 0 ? host : host.substring(0, slash);
        this.host = IDN.toUnicode(withoutFinalDot(address.toLowerCase(Locale.ROOT)));
        network = LITERAL.matcher(this.host).matches() ? literal(this.host) : null;
        if (network == null
                && (slash >= 0 || !(host.equals("*") || NAME.matcher(host).matches()))) {
            throw malformed("\"" + host + "\" is neither a host name nor an address");
        }
        int most = network == null ? 0 : network.length * Byte.SIZE;
        networkBits = slash < 0 ? most : number(host.substring(slash + 1), most, "the length of a network");
    }

    /** Reads {@code HOST}, {@code HOST:PORT} or {@code [IPV6]:PORT}. */
    static PeerPattern parse(String text) {
        int close = text.indexOf(']');
        if (text.startsWith("[") && close > 0) {
            String rest = text.substring(close + 1);
            return new PeerPattern(text, text.substring(1, close), rest.isEmpty() ? ANY_PORT : port(text, rest));
        }
        int colon = text.indexOf(':');
        boolean plain = colon < 0 || colon != text.lastIndexOf(':');
        return plain
                ? new PeerPattern(text, text, ANY_PORT)
                : new PeerPattern(text, text.substring(0, colon), port(text, text.substring(colon)));
    }

    /** A host with one port. */
    static PeerPattern of(String host, int port) {
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("a port is a number from 0 to " + MAX_PORT + ", not " + port);
        }
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        return new PeerPattern((bare.indexOf(':') < 0 ? bare : "[" + bare + "]") + ":" + port, bare, port);
    }

    boolean matches(TcpSpan connection) {
        return (port == ANY_PORT || port == connection.peer().getPort()) && matchesHost(connection);
    }

    private boolean matchesHost(TcpSpan connection) {
        InetAddress address = connection.peer().getAddress();
        if (network != null) {
            return inNetwork(network, address.getAddress());
        }
        return host.equals("*")
                || (host.equals("localhost") && address.isLoopbackAddress())
                || connection.peerHosts().stream().anyMatch(known -> matchesName(known.name()));
    }

    private boolean matchesName(String name) {
        String lower = withoutFinalDot(name.toLowerCase(Locale.ROOT));
        return host.startsWith("*.") ? lower.endsWith(host.substring(1)) : lower.equals(host);
    }

    private boolean inNetwork(byte[] wanted, byte[] address) {
        if (wanted.length != address.length) {
            return false;
        }
        for (int bit = 0; bit < networkBits; bit++) {
            int mask = 0x80 >> bit % Byte.SIZE;
            if (((wanted[bit / Byte.SIZE] ^ address[bit / Byte.SIZE]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    private static int port(String text, String colonAndPort) {
        if (!colonAndPort.startsWith(":")) {
            throw new IllegalArgumentException("no host pattern: \"" + text + "\": after ] comes :PORT or nothing");
        }
        String port = colonAndPort.substring(1);
        if (port.equals("*")) {
            return ANY_PORT;
        }
        if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > MAX_PORT) {
            throw new IllegalArgumentException(
                    "no host pattern: \"" + text + "\": a port is * or a number up to " + MAX_PORT);
        }
        return Integer.parseInt(port);
    }

    private int number(String digits, int most, String what) {
        if (!digits.matches("[0-9]{1,3}") || Integer.parseInt(digits) > most) {
            throw malformed(what + " is a number up to " + most);
        }
        return Integer.parseInt(digits);
    }

    /** An address in numbers; nothing is looked up, as the JDK would do with numbers that are too large. */
    private byte[] literal(String numbers) {
        try {
            if (numbers.indexOf(':') >= 0 || IPV4.matcher(numbers).matches()) {
                return InetAddress.getByName(numbers).getAddress();
            }
        } catch (UnknownHostException e) {
            // It is none, as other numbers that look like one.
        }
        throw malformed("\"" + numbers + "\" is not an address");
    }

    private IllegalArgumentException malformed(String why) {
        return new IllegalArgumentException("no host pattern: \"" + text + "\": " + why);
    }

    private static String withoutFinalDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }
}
