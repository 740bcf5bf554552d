package io.schedtrace.internal.names.find;

import io.schedtrace.internal.names.find.Piece.Pair;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Splits JSON into its string values, each with the nearest key before it. Elements of an array have the key of the
 * array. It does not validate: it reads what it can of a text that is broken or only resembles JSON.
 */
final class JsonPairs {
    private static final int UNICODE_DIGITS = 4;

    private final String text;
    private int at;

    private JsonPairs(String text) {
        this.text = text;
    }

    /**
     * Returns the pairs in {@code text}.
     *
     * @param key the key of values that come before any key in the text
     * @return null if the text does not begin like JSON or has no string
     */
    static @Nullable List<Piece> split(String key, String text) {
        String json = text.strip();
        boolean begins = json.startsWith("{") || json.startsWith("[");
        return begins && json.indexOf('"') >= 0 ? new JsonPairs(json).pairs(key) : null;
    }

    private List<Piece> pairs(String firstKey) {
        List<Piece> pairs = new ArrayList<>();
        String key = firstKey;
        KeyKind kind = KeyKind.of(key);
        for (at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at)) {
            String string = string();
            if (colonFollows()) {
                key = string;
                kind = KeyKind.of(key);
            } else {
                pairs.add(new Pair(kind, key, string));
            }
        }
        return pairs;
    }

    private boolean colonFollows() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at < text.length() && text.charAt(at) == ':';
    }

    /** Returns the string that begins at the quote at {@code at}, and moves behind its closing quote. */
    private String string() {
        StringBuilder string = new StringBuilder();
        for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
            char c = text.charAt(at);
            if (c == '\\' && at + 1 < text.length()) {
                at++;
                c = unescaped();
            }
            string.append(c);
        }
        at++;
        return string.toString();
    }

    private char unescaped() {
        char c = text.charAt(at);
        if (c == 'u' && unicodeDigitsFollow()) {
            int first = at + 1;
            at += UNICODE_DIGITS;
            return (char) HexFormat.fromHexDigits(text, first, first + UNICODE_DIGITS);
        }
        return c == 'n' || c == 't' || c == 'r' || c == 'b' || c == 'f' ? ' ' : c;
    }

    private boolean unicodeDigitsFollow() {
        int first = at + 1;
        return first + UNICODE_DIGITS <= text.length()
                && text.substring(first, first + UNICODE_DIGITS).chars().allMatch(HexFormat::isHexDigit);
    }
}
