package io.schedtrace.internal.pattern;

import io.schedtrace.model.TcpSpan;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which peers of a connection are meant: a host as {@link HostPattern} has it, with one of its ports or any: {@code
 * db.test:5432}, {@code localhost:*}, {@code *.test}, {@code 10.0.0.0/8:443}, {@code [::1]:80}, {@code ::1}, {@code *:443}.
 *
 * @param text as it was written
 * @param port 0 for any
 */
public record PeerPattern(String text, HostPattern host, int port) {
    private static final int ANY_PORT = 0;
    private static final int LAST_PORT = 65_535;
    private static final Pattern PARTS = Pattern.compile("(?<host>\\[[^\\[\\]]*]|[^\\[\\]:]+)(?::(?<port>[^:]*))?");

    /** @throws IllegalArgumentException if it is none; the message names it */
    public static PeerPattern parse(String text) {
        if (text.indexOf(':') != text.lastIndexOf(':') && HostPattern.isAddress(text)) {
            return new PeerPattern(text, host(text, text), ANY_PORT);
        }
        Matcher parts = PARTS.matcher(text);
        if (!parts.matches()) {
            throw bad(text, "write host:port, with brackets around an IPv6 address: [::1]:443");
        }
        String port = parts.group("port");
        return new PeerPattern(text, host(text, parts.group("host")), port == null ? ANY_PORT : port(text, port));
    }

    /**
     * A host with one port.
     *
     * @throws IllegalArgumentException if it is none; the message names it
     */
    public static PeerPattern of(String host, int port) {
        boolean bare = !host.startsWith("[") && HostPattern.isAddress(host) && host.indexOf(':') >= 0;
        return parse((bare ? '[' + host + ']' : host) + ':' + port);
    }

    private static HostPattern host(String text, String host) {
        try {
            return HostPattern.parse(host);
        } catch (IllegalArgumentException e) {
            throw bad(text, e.getMessage());
        }
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

    private static IllegalArgumentException bad(String text, @Nullable String why) {
        return new IllegalArgumentException("'" + text + "' is not a pattern: " + why);
    }

    /** Whether what the trace knows of a connection fits. */
    public boolean fits(TcpSpan connection) {
        return fitsPort(connection) && host.fits(connection);
    }

    /** Whether the host's name leads to the connection's address now; may ask the network. */
    public boolean leadsTo(TcpSpan connection) {
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
