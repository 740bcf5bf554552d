package io.schedtrace.internal.redact;

import java.util.regex.Pattern;

/**
 * Hides users and passwords in URLs, also in URLs that JSON has escaped ({@code http:\/\/}).
 *
 * <p>A password may hold characters that it ought to encode. If it has one of {@code / ? #}, it ends at the last {@code
 * @} of the URL. A URL ends at whitespace, or at the quotation mark that closes the one before it.
 */
final class UrlPasswords {
    private static final Pattern PORT = Pattern.compile("\\d{1,5}");
    private static final Pattern VERSION = Pattern.compile("v?\\d+(?:\\.\\d+){0,2}(?![\\w.:]).*", Pattern.DOTALL);
    private static final Pattern QUERY = Pattern.compile("[^?#]*+\\?[\\w.%+-]++=");
    private static final int LONGEST_VERSION = 40;
    private static final int LONGEST_LOOK = 256;
    private static final String QUOTES = "\"'`";

    private final String text;
    /** One for URLs that only whitespace ends, and one for each quotation mark. */
    private final Extent[] extents = {new Extent(), new Extent(), new Extent(), new Extent()};

    private UrlPasswords(String text) {
        this.text = text;
    }

    /** Returns the text with {@code ***} for what stands before the {@code @} in the authority of each URL. */
    static String hide(String text) {
        return text.indexOf('@') < 0 || (!text.contains("://") && !text.contains(":\\/\\/"))
                ? text
                : new UrlPasswords(text).hide();
    }

    private String hide() {
        StringBuilder out = new StringBuilder(text.length());
        int copied = 0;
        int colon = text.indexOf(':');
        while (colon >= 0) {
            int next = colon + 1;
            int slashes = text.startsWith("//", next) ? 2 : text.startsWith("\\/\\/", next) ? 4 : 0;
            if (slashes > 0) {
                int start = next + slashes;
                int end = userInfoEnd(start, extent(colon, start));
                if (end >= 0) {
                    out.append(text, copied, start).append(Mask.MASK);
                    copied = end;
                    next = end;
                }
            }
            colon = text.indexOf(':', next);
        }
        return out.append(text, copied, text.length()).toString();
    }

    /** The index of the {@code @} that ends the user info; -1 if there is none. */
    private int userInfoEnd(int start, Extent extent) {
        int at = -1;
        int colon = -1;
        int end = start;
        while (end < extent.end && "/?#\\".indexOf(text.charAt(end)) < 0) {
            char c = text.charAt(end);
            at = c == '@' ? end : at;
            colon = c == ':' && colon < 0 ? end : colon;
            end++;
        }
        if (at >= 0 || colon < 0) {
            return at;
        }
        int last = extent.lastAt >= end ? extent.lastAt : -1;
        return last < 0 || isHostWithPort(start, colon, end, last) ? -1 : last;
    }

    /** Whether {@code name:digits} is a host and a port, and the {@code @} belongs to the path or the query. */
    private boolean isHostWithPort(int start, int colon, int end, int at) {
        if (end - colon > 6 || !PORT.matcher(text.substring(colon + 1, end)).matches()) {
            return false;
        }
        String name = text.substring(start, Math.min(colon, start + LONGEST_LOOK));
        String after = text.substring(at + 1, Math.min(text.length(), at + 1 + LONGEST_VERSION));
        return text.charAt(end) == '?'
                || text.charAt(end) == '#'
                || text.charAt(at - 1) == '/'
                || name.equals("localhost")
                || name.indexOf('.') >= 0
                || name.startsWith("[")
                || VERSION.matcher(after).matches()
                || QUERY.matcher(text)
                        .region(end, Math.min(at, end + LONGEST_LOOK))
                        .lookingAt();
    }

    private Extent extent(int colon, int start) {
        int scheme = colon;
        while (scheme > 0 && isSchemeCharacter(text.charAt(scheme - 1))) {
            scheme--;
        }
        int quote = scheme == 0 ? -1 : QUOTES.indexOf(text.charAt(scheme - 1));
        Extent extent = extents[quote + 1];
        if (extent.end < start) {
            extent.end = end(start, quote < 0 ? 0 : QUOTES.charAt(quote));
            extent.lastAt = extent.end - 1;
            while (extent.lastAt >= start && text.charAt(extent.lastAt) != '@') {
                extent.lastAt--;
            }
        }
        return extent;
    }

    private int end(int start, int quote) {
        int end = start;
        while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
            if (text.charAt(end) == quote && !continues(end + 1)) {
                return end;
            }
            end++;
        }
        return end;
    }

    /** Whether a quotation mark before {@code index} stands inside a password and closes nothing. */
    private boolean continues(int index) {
        return index < text.length()
                && (Character.isLetterOrDigit(text.charAt(index)) || "@%_~-.!".indexOf(text.charAt(index)) >= 0);
    }

    private static boolean isSchemeCharacter(char c) {
        return Character.isLetterOrDigit(c) || c == '+' || c == '-' || c == '.';
    }

    /** How far the last URL of its kind may reach, and the last {@code @} before that. */
    private static final class Extent {
        private int end = -1;
        private int lastAt = -1;
    }
}
