package io.schedtrace.internal.redact;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Hides users and passwords in URLs that are percent-encoded, once or several times: {@code https%3A%2F%2Fu%3Apw%40h}. */
final class EncodedUrls {
    /** What stands behind the scheme. Group 1 is the percent sign as it is encoded here: {@code %}, {@code %25}, ... */
    private static final Pattern SLASHES = Pattern.compile("(%(?:25){0,4})3[Aa]\\1(?:2[Ff])\\1(?:2[Ff])");

    /** The characters that end the authority of a URL, as they are and encoded. */
    private static final String ENDS = "/?#&\"'`";

    private EncodedUrls() {}

    /** Returns the text with {@code ***} for what stands before the {@code %40} in the authority of each URL. */
    static String hide(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        int copied = 0;
        Matcher slashes = SLASHES.matcher(text);
        while (slashes.find()) {
            int end = userInfoEnd(text, slashes.end(), slashes.group(1));
            if (end >= 0) {
                out.append(text, copied, slashes.end()).append(Mask.MASK);
                copied = end;
            }
        }
        return out.append(text, copied, text.length()).toString();
    }

    /** The index of the last {@code @}, encoded or not, before the end of the authority; -1 if there is none. */
    private static int userInfoEnd(String text, int start, String percent) {
        int at = -1;
        int index = start;
        while (index < text.length()) {
            int digits = text.startsWith(percent, index) ? index + percent.length() : -1;
            char c = digits < 0 ? text.charAt(index) : decoded(text, digits);
            if (Character.isWhitespace(c) || ENDS.indexOf(c) >= 0) {
                return at;
            }
            at = c == '@' ? index : at;
            index++;
        }
        return at;
    }

    /** The character of two hexadecimal digits; a percent sign if those are none. */
    private static char decoded(String text, int digits) {
        int high = digits + 1 < text.length() ? Character.digit(text.charAt(digits), 16) : -1;
        int low = high < 0 ? -1 : Character.digit(text.charAt(digits + 1), 16);
        return low < 0 ? '%' : (char) (16 * high + low);
    }
}
