package io.schedtrace.internal.names.find;

import org.jspecify.annotations.Nullable;

/**
 * The parts of {@code host[:port][/path]} or {@code [IPv6][:port][/path]}.
 *
 * @param host the host, without brackets; it may be invalid
 * @param port the port; -1 if there is none
 * @param path the path with its leading slash; null if there is none
 */
record Endpoint(String host, int port, @Nullable String path) {
    private static final int MAX_PORT = 65_535;
    private static final int MAX_DIGITS = 5;

    /** Parses {@code text}; returns null if it has another form. */
    static @Nullable Endpoint parse(String text) {
        int end = endOfAuthority(text);
        String authority = text.substring(0, end);
        String path = end < text.length() && text.charAt(end) == '/' ? text.substring(end) : null;
        int hostEnd = authority.startsWith("[") ? authority.indexOf(']') + 1 : authority.indexOf(':');
        if (authority.startsWith("[") && hostEnd == 0) {
            return null;
        }
        if (hostEnd < 0 || hostEnd == authority.length()) {
            return new Endpoint(bare(authority), -1, path);
        }
        if (authority.charAt(hostEnd) != ':') {
            return null;
        }
        String digits = authority.substring(hostEnd + 1);
        int port = digits.isEmpty() ? -1 : port(digits);
        return port == 0 ? null : new Endpoint(bare(authority.substring(0, hostEnd)), port, path);
    }

    /** Whether there is a path other than a single slash. */
    boolean hasPath() {
        return path != null && path.length() > 1;
    }

    private static String bare(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private static int endOfAuthority(String text) {
        for (int i = 0; i < text.length(); i++) {
            if ("/?#".indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return text.length();
    }

    /** Returns the port, 1 to 65535; 0 if {@code digits} is no valid port. */
    private static int port(String digits) {
        int port = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9 || i >= MAX_DIGITS) {
                return 0;
            }
            port = port * 10 + digit;
        }
        return port > MAX_PORT ? 0 : port;
    }
}
