package io.schedtrace.internal.names.find;

import io.schedtrace.internal.names.find.Piece.Pair;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Splits text that consists of {@code key=value} pairs: {@code host=db dbname=x} of libpq, {@code Server=db;Database=x}
 * of ADO.NET.
 */
final class ConnectionString {
    private static final int MAX_PAIRS = 256;

    private ConnectionString() {}

    /** Returns the pairs in {@code text}; null if it does not consist of pairs. */
    static @Nullable List<Piece> split(String text) {
        if (text.indexOf('=') < 1) {
            return null;
        }
        boolean semicolons = text.indexOf(';') >= 0;
        List<String> parts = parts(text, semicolons);
        if (parts.isEmpty() || parts.size() > MAX_PAIRS || !parts.stream().allMatch(part -> isPair(part, semicolons))) {
            return null;
        }
        List<Piece> pairs = new ArrayList<>();
        for (String part : parts) {
            int equals = part.indexOf('=');
            String value = Quotes.remove(part.substring(equals + 1).strip());
            pairs.add(Pair.of(part.substring(0, equals).strip(), value));
        }
        return pairs;
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

    /** Splits at semicolons or at white space, except within quotes. Blank parts are left out. */
    private static List<String> parts(String text, boolean semicolons) {
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
