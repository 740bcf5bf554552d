package io.schedtrace.internal.names.find;

import java.util.function.BiConsumer;

/**
 * The string values in a JSON text, each with the key that it stands under; elements of an array stand under the
 * array's key. It reads what it can of a text that is broken or is no JSON: to find names, not to check the form.
 */
final class JsonSettings {
    private final String text;
    private int at;

    private JsonSettings(String text) {
        this.text = text;
    }

    /**
     * Tells {@code settings} each key and string value.
     *
     * @param key the key of values that have none
     * @return whether {@code text} begins like JSON and has a string in it
     */
    static boolean scan(String key, String text, BiConsumer<String, String> settings) {
        String json = text.strip();
        boolean begins = json.startsWith("{") || json.startsWith("[");
        return begins && new JsonSettings(json).read(key, settings);
    }

    private boolean read(String firstKey, BiConsumer<String, String> settings) {
        String key = firstKey;
        boolean found = false;
        while (true) {
            at = text.indexOf('"', at);
            if (at < 0) {
                return found;
            }
            String string = string();
            found = true;
            if (colonFollows()) {
                key = string;
            } else {
                settings.accept(key, string);
            }
        }
    }

    private boolean colonFollows() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at < text.length() && text.charAt(at) == ':';
    }

    /** The string that begins at the quote at {@code at}; moves behind it. */
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
        if (c == 'u' && at + 4 < text.length() && text.substring(at + 1, at + 5).matches("[0-9A-Fa-f]{4}")) {
            char unicode = (char) Integer.parseInt(text.substring(at + 1, at + 5), 16);
            at += 4;
            return unicode;
        }
        return c == 'n' || c == 't' || c == 'r' || c == 'b' || c == 'f' ? ' ' : c;
    }
}
