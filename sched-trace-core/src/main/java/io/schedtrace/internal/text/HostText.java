package io.schedtrace.internal.text;

import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names and addresses as text.
 *
 * <p>A host name is kept in the form that people read: lower case, no final dot, internationalised labels in Unicode,
 * whether it was learned as {@code bücher.example} or as {@code xn--bcher-kva.example}. That makes one name one
 * string. {@link #ascii} is the form for lookups. Both are of IDNA 2003, which is what the JDK knows.
 */
public final class HostText {
    private static final int MAX_NAME = 253;
    private static final int MAX_LABEL = 63;
    private static final Pattern NUMBER = Pattern.compile("[0-9]+|0x[0-9a-f]*");
    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(?:\\.[0-9]{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
    private static final String IDN_PREFIX = "xn--";

    private HostText() {}

    /** The name in its one form; null if it is no host name, or if it is an address. */
    public static @Nullable String normalize(String text) {
        String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        if (name.isEmpty() || name.length() > MAX_NAME) {
            return null;
        }
        if (isAscii(name)) {
            String lower = name.toLowerCase(Locale.ROOT);
            return !valid(lower) ? null : lower.contains(IDN_PREFIX) ? readable(lower) : lower;
        }
        return normalizeUnicode(name);
    }

    /** A normalized name in ASCII. */
    public static String ascii(String name) {
        return isAscii(name) ? name : IDN.toASCII(name).toLowerCase(Locale.ROOT);
    }

    /** The address that {@code text} is; null if it is none. Never looks anything up. */
    public static @Nullable InetAddress address(String text) {
        try {
            if (text.indexOf(':') >= 0) {
                return IPV6.matcher(text).matches() ? InetAddress.getByName('[' + text + ']') : null;
            }
            byte[] octets = octets(text);
            return octets == null ? null : InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    private static @Nullable String normalizeUnicode(String name) {
        if (!name.codePoints().allMatch(HostText::mayStandInName)) {
            return null;
        }
        try {
            String ascii = IDN.toASCII(name).toLowerCase(Locale.ROOT);
            return valid(ascii) ? readable(ascii) : null;
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return null;
        }
    }

    private static String readable(String ascii) {
        try {
            String unicode = IDN.toUnicode(ascii);
            boolean same = IDN.toASCII(unicode).equalsIgnoreCase(ascii)
                    && unicode.codePoints().allMatch(HostText::mayStandInName);
            return same ? unicode : ascii;
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return ascii;
        }
    }

    private static boolean mayStandInName(int codePoint) {
        int type = Character.getType(codePoint);
        return Character.isLetterOrDigit(codePoint)
                || codePoint == '-'
                || codePoint == '_'
                || codePoint == '.'
                || codePoint == '\u3002'
                || type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK;
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /** Whether a name in lower-case ASCII is one: labels of letters, digits, hyphens and underscores, no address. */
    private static boolean valid(String name) {
        boolean letters = false;
        int start = 0;
        for (int i = 0; i <= name.length(); i++) {
            char c = i < name.length() ? name.charAt(i) : '.';
            letters |= isLetter(c);
            if (c == '.' && !validLabel(name, start, i)) {
                return false;
            }
            if (c != '.' && !isLetter(c) && !isDigit(c) && c != '-' && c != '_') {
                return false;
            }
            start = c == '.' ? i + 1 : start;
        }
        int last = name.lastIndexOf('.') + 1;
        return letters
                && name.length() <= MAX_NAME
                && !NUMBER.matcher(name).region(last, name.length()).matches();
    }

    private static boolean validLabel(String name, int start, int end) {
        return end > start && end - start <= MAX_LABEL && name.charAt(start) != '-' && name.charAt(end - 1) != '-';
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static byte @Nullable [] octets(String text) {
        if (!IPV4.matcher(text).matches()) {
            return null;
        }
        String[] parts = text.split("\\.", -1);
        byte[] octets = new byte[parts.length];
        for (int i = 0; i < parts.length; i++) {
            int octet = Integer.parseInt(parts[i]);
            if (octet > 0xff) {
                return null;
            }
            octets[i] = (byte) octet;
        }
        return octets;
    }
}
