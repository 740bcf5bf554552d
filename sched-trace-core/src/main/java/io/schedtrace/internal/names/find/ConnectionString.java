package io.schedtrace.internal.names.find;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** Texts of {@code key=value} pairs: {@code host=db dbname=x} of libpq, {@code Server=db;Database=x} of ADO.NET. */
final class ConnectionString {
    private static final int MAX_PAIRS = 256;

    private ConnectionString() {}

    /**
     * Tells {@code pairs} each key and value.
     *
     * @return whether {@code text} consists of such pairs
     */
    static boolean scan(String text, BiConsumer<String, String> pairs) {
        if (text.indexOf('=') < 1) {
            return false;
        }
        boolean semicolons = text.indexOf(';') >= 0;
        List<String> parts = split(text, semicolons);
        if (parts.isEmpty() || parts.size() > MAX_PAIRS || !parts.stream().allMatch(part -> isPair(part, semicolons))) {
            return false;
        }
        for (String part : parts) {
            int equals = part.indexOf('=');
            pairs.accept(
                    part.substring(0, equals).strip(),
                    unquoted(part.substring(equals + 1).strip()));
        }
        return true;
    }

    /** {@code text} without the quotes around it. */
    static String unquoted(String text) {
        int last = text.length() - 1;
        boolean quoted = last > 0 && text.charAt(0) == text.charAt(last) && "'\"".indexOf(text.charAt(0)) >= 0;
        return quoted ? text.substring(1, last) : text;
    }

    private static boolean isPair(String part, boolean blanksInKey) {
        int equals = part.indexOf('=');
        if (equals < 1 || !Character.isLetter(part.charAt(0))) {
            return false;
        }
        for (int i = 0; i < equals; i++) {
            char c = part.charAt(i);
            if (!Character.isLetterOrDigit(c) && "_-.:".indexOf(c) < 0 && !(blanksInKey && c == ' ')) {
                return false;
            }
        }
        return true;
    }

    /** The parts between semicolons or between blanks, those in quotes not counted; blank parts are left out. */
    private static List<String> split(String text, boolean semicolons) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        char quote = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : 0;
            boolean end = i == text.length() || (quote == 0 && (semicolons ? c == ';' : Character.isWhitespace(c)));
            if (end) {
                String part = text.substring(start, i).strip();
                if (!part.isEmpty()) {
                    parts.add(part);
                }
                start = i + 1;
            } else if (c == quote) {
                quote = 0;
            } else if (quote == 0 && (c == '\'' || c == '"')) {
                quote = c;
            }
        }
        return parts;
    }
}
