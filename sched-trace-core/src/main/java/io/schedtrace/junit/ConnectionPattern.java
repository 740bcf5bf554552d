package io.schedtrace.junit;

import io.schedtrace.TcpSpan;
import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Connections that are allowed: {@code db.test:5432}, {@code localhost:*}, {@code *.test:443}, {@code 10.1.2.3:80}, {@code
 * [::1]:*}, {@code 10.0.0.0/8}, {@code [fd00::/8]:443}, {@code *:443}, {@code *}.
 *
 * @param port 0 for any
 */
record ConnectionPattern(String text, HostPattern host, int port) {
    private static final int ANY_PORT = 0;
    private static final int LAST_PORT = 65_535;
    private static final Pattern PARTS = Pattern.compile("(?<host>\\[[^\\[\\]]*]|[^\\[\\]:]+)(?::(?<port>[^:]*))?");
    private static final Pattern IPV4 = Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    private static final Pattern NAME = Pattern.compile(
            "(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*");
    private static final Pattern ALL_DIGITS = Pattern.compile("[\\d.]+");

    /** @throws IllegalArgumentException if it is none; the message names it */
    static ConnectionPattern parse(String text) {
        Matcher parts = PARTS.matcher(text);
        if (!parts.matches()) {
            throw bad(text, "write host:port, with brackets around an IPv6 address: [::1]:443");
        }
        String host = parts.group("host").toLowerCase(Locale.ROOT);
        String port = parts.group("port");
        if (port == null && !host.equals("*") && host.indexOf('/') < 0) {
            throw bad(text, "the port is missing; write " + text + ":* for any");
        }
        return new ConnectionPattern(text, host(text, host), port == null ? ANY_PORT : port(text, port));
    }

    private static int port(String text, String port) {
        if (port.equals("*")) {
            return ANY_PORT;
        }
        int number = port.matches("[1-9]\\d{0,4}") ? Integer.parseInt(port) : 0;
        if (number == 0 || number > LAST_PORT) {
            throw bad(text, "a port is a number from 1 to 65535, or *");
        }
        return number;
    }

    private static HostPattern host(String text, String host) {
        if (host.equals("*")) {
            return new HostPattern.Any();
        }
        if (host.equals("localhost")) {
            return new HostPattern.Loopback();
        }
        boolean brackets = host.startsWith("[");
        String bare = brackets ? host.substring(1, host.length() - 1) : host;
        int slash = bare.indexOf('/');
        String address = slash < 0 ? bare : bare.substring(0, slash);
        if (brackets ? IPV6.matcher(address).matches() : IPV4.matcher(address).matches()) {
            return network(text, address, slash < 0 ? null : bare.substring(slash + 1));
        }
        if (brackets || slash >= 0) {
            throw bad(text, "there is no address in it");
        }
        boolean domain = host.startsWith("*.");
        String name = ascii(domain ? host.substring(2) : host);
        if (!NAME.matcher(name).matches() || ALL_DIGITS.matcher(name).matches()) {
            throw bad(text, "'" + host + "' is neither a host name nor an address");
        }
        String known = IDN.toUnicode(name);
        return domain ? new HostPattern.Domain('.' + known) : new HostPattern.Name(known);
    }

    private static String ascii(String name) {
        try {
            return IDN.toASCII(name).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return name;
        }
    }

    private static HostPattern network(String text, String literal, @Nullable String prefix) {
        InetAddress address;
        try {
            address = InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw bad(text, "'" + literal + "' is not an address");
        }
        int bits = address.getAddress().length * Byte.SIZE;
        if (prefix == null) {
            return new HostPattern.Network(address, bits);
        }
        int length = prefix.matches("\\d{1,3}") ? Integer.parseInt(prefix) : Integer.MAX_VALUE;
        if (length > bits) {
            throw bad(text, "the length of a prefix is a number from 0 to " + bits);
        }
        HostPattern.Network network = new HostPattern.Network(address, length);
        if (!network.isWhole()) {
            throw bad(text, "the address has bits beyond its prefix of " + length);
        }
        return network;
    }

    private static IllegalArgumentException bad(String text, String why) {
        return new IllegalArgumentException("allowConnections: '" + text + "' is not a pattern: " + why);
    }

    /** Whether what the trace knows of a connection fits. */
    boolean fits(TcpSpan connection) {
        return fitsPort(connection) && host.fits(connection);
    }

    /** Whether the host's name leads to the connection's address now. */
    boolean leadsTo(TcpSpan connection) {
        return fitsPort(connection) && host.leadsTo(connection);
    }

    private boolean fitsPort(TcpSpan connection) {
        return port == ANY_PORT || port == connection.peer().getPort();
    }

    @Override
    public String toString() {
        return text;
    }
}
