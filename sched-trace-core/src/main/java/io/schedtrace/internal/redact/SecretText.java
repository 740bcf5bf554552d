package io.schedtrace.internal.redact;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hides secrets in one text: passwords in URLs, {@code name=value} and {@code "name": "value"} with a secret name, HTTP
 * headers that authenticate, private keys, and tokens that are known by their form.
 */
public final class SecretText {
    private static final Set<String> HEADERS = Set.of(
            "authorization",
            "proxy-authorization",
            "cookie",
            "set-cookie",
            "x-api-key",
            "x-auth-token",
            "x-auth-key",
            "private-token",
            "api-key",
            "apikey");

    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][\\w-]{1,20} +");
    private static final Pattern TOKEN = Pattern.compile("(?<![\\w-])(?:gh[pousr]_[A-Za-z0-9]{20,255}"
            + "|github_pat_\\w{20,255}|glpat-[\\w-]{16,64}|xox[abeprs]-[\\w-]{10,255}|AIza[\\w-]{35}"
            + "|hvs\\.[\\w-]{20,255}|npm_[A-Za-z0-9]{36}|[sr]k_(?:live|test)_\\w{16,255}"
            + "|sk-(?:proj|svcacct|admin|ant)-[\\w-]{20,255}|sk-(?=[A-Za-z]{0,40}\\d)[A-Za-z0-9]{20,255}"
            + "|eyJ[\\w-]{8,}+(?:\\.[\\w-]*+){2,4})");

    /** A word after "bearer" is a token if it is long and has a digit or a capital letter. */
    private static final Pattern BEARER =
            Pattern.compile("(?<!\\w)((?i:bearer)[ \\t]++)(?=[a-z.~+/=-]*+[\\dA-Z_])[\\w.~+/=-]{12,}+");

    private static final int LONGEST_NAME = 80;
    private static final int LONGEST_LOOK = 256;

    private final String text;
    private final boolean script;
    private final StringBuilder out = new StringBuilder();
    private int copied;

    private SecretText(String text, boolean script) {
        this.text = text;
        this.script = script;
    }

    /** Returns the text without its secrets. */
    public static String hide(String text) {
        return hide(text, false);
    }

    /** @param script whether {@code $NAME} is a variable and no value */
    static String hide(String text, boolean script) {
        String shown = EncodedUrls.hide(UrlPasswords.hide(PrivateKeys.hide(text)));
        if (shown.indexOf('=') >= 0 || shown.indexOf(':') >= 0) {
            shown = new SecretText(shown, script).hideNamed();
        }
        shown = TOKEN.matcher(shown).replaceAll(Mask.MASK);
        return BEARER.matcher(shown).replaceAll("$1" + Mask.MASK);
    }

    private String hideNamed() {
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            at = c == '=' ? afterAssignment(at) : c == ':' ? afterColon(at) : at + 1;
        }
        return out.append(text, copied, text.length()).toString();
    }

    private int afterAssignment(int equals) {
        int start = nameStart(equals);
        int value = equals + 1;
        if (start == equals || value == text.length()) {
            return value;
        }
        String name = text.substring(start, equals);
        if (!mayBeSecret(name)) {
            return value;
        }
        int quote = quoteAt(value);
        if (quote > 0) {
            return hideQuoted(name, value, quote);
        }
        char before = start == 0 ? ' ' : text.charAt(start - 1);
        String ends = before == '&' || before == '?' ? "&#\"'" : before == ',' ? ",\"'" : "&,;\"'";
        return hideNamed(name, value, end(value, ends));
    }

    private int afterColon(int colon) {
        int nameEnd = colon;
        while (nameEnd > 0 && colon - nameEnd < 3 && "\\\"' ".indexOf(text.charAt(nameEnd - 1)) >= 0) {
            nameEnd--;
        }
        int start = nameStart(nameEnd);
        int value = colon + 1;
        while (value < text.length() && value - colon < 9 && text.charAt(value) == ' ') {
            value++;
        }
        if (start == nameEnd || value == text.length()) {
            return colon + 1;
        }
        String name = text.substring(start, nameEnd);
        boolean header = isHeader(name);
        if (!header && !mayBeSecret(name)) {
            return colon + 1;
        }
        int quote = quoteAt(value);
        if (quote > 0 && nameEnd < colon) {
            return header ? hideHeader(name, value + quote, closing(value, quote)) : hideQuoted(name, value, quote);
        }
        if (nameEnd < colon) {
            return hideNamed(name, value, end(value, ",}\"'"));
        }
        if (header) {
            return hideHeader(name, value, lineEnd(start, value));
        }
        return value > colon + 1 ? hideNamed(name, value, lineEnd(start, value)) : value;
    }

    /** Whether a header of that name authenticates; the name may stand right behind curl's {@code -H}. */
    private static boolean isHeader(String name) {
        return HEADERS.contains((name.startsWith("-H") ? name.substring(2) : name).toLowerCase(Locale.ROOT));
    }

    private int hideHeader(String name, int start, int end) {
        Matcher scheme = SCHEME.matcher(text).region(start, end);
        boolean hasScheme = name.toLowerCase(Locale.ROOT).endsWith("authorization") && scheme.lookingAt();
        return replace(hasScheme ? scheme.end() : start, end);
    }

    private int hideQuoted(String name, int value, int quote) {
        return hideNamed(name, value + quote, closing(value, quote));
    }

    /** Hides a value without a look at it if it is long: so the time stays linear. */
    private int hideNamed(String name, int start, int end) {
        boolean secret = end - start > LONGEST_LOOK || SecretNames.isSecret(name, text.substring(start, end));
        return secret ? replace(start, end) : start;
    }

    private int replace(int start, int end) {
        out.append(text, copied, start).append(Mask.value(text.substring(start, end), script));
        copied = end;
        return end;
    }

    /** A cheap test before the value is looked for. */
    private static boolean mayBeSecret(String name) {
        return SecretNames.isSecret(name, "0123456789abcdef");
    }

    private int nameStart(int end) {
        int start = end;
        while (start > copied && end - start < LONGEST_NAME && isNameCharacter(text.charAt(start - 1))) {
            start--;
        }
        return start;
    }

    private static boolean isNameCharacter(char c) {
        return (c < 0x80 && Character.isLetterOrDigit(c)) || c == '_' || c == '-' || c == '.';
    }

    /** The length of the quotation mark at {@code index}: 1, 2 if it is escaped, 0 if there is none. */
    private int quoteAt(int index) {
        int quote = text.charAt(index) == '\\' ? index + 1 : index;
        boolean found = quote < text.length() && (text.charAt(quote) == '"' || text.charAt(quote) == '\'');
        return found ? quote - index + 1 : 0;
    }

    /** The index of the quotation mark that closes the one at {@code open}, else the end of the text. */
    private int closing(int open, int length) {
        char quote = text.charAt(open + length - 1);
        for (int at = open + length; at < text.length(); at++) {
            char c = text.charAt(at);
            if (length == 2 && c == '\\' && at + 1 < text.length() && text.charAt(at + 1) == quote) {
                return at;
            }
            if (length == 1 && c == '\\') {
                at++;
            } else if (length == 1 && c == quote) {
                return at;
            }
        }
        return text.length();
    }

    private int end(int start, String ends) {
        int end = start;
        while (end < text.length() && !Character.isWhitespace(text.charAt(end)) && ends.indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    /** The end of a header: that of its line, or the quotation mark that closes the one before its name. */
    private int lineEnd(int nameStart, int value) {
        char quote =
                nameStart > 0 && "\"'".indexOf(text.charAt(nameStart - 1)) >= 0 ? text.charAt(nameStart - 1) : '\n';
        int end = value;
        while (end < text.length()
                && text.charAt(end) != '\n'
                && text.charAt(end) != '\r'
                && text.charAt(end) != quote) {
            end++;
        }
        return end;
    }
}
