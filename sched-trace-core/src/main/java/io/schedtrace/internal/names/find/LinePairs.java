package io.schedtrace.internal.names.find;

import io.schedtrace.internal.names.find.Piece.Pair;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Splits text of lines {@code key: value} (simple YAML) or {@code key = value} (properties). Nesting is ignored.
 * Elements of a list have the key of the list.
 */
final class LinePairs {
    private static final int MAX_LINES = 1_024;
    private static final Pattern PAIR = Pattern.compile("(?:-\\s+)?([A-Za-z][\\w.-]{0,63})(?:\\s*=|:(?=\\s|$))(.*)");

    private LinePairs() {}

    /** Returns the pairs in {@code text}; null if it has none, or has only one line, or has a line of another form. */
    static @Nullable List<Piece> split(String text) {
        if (text.indexOf('\n') < 0) {
            return null;
        }
        List<Piece> pairs = new ArrayList<>();
        String key = "";
        for (String line : text.split("\n", MAX_LINES)) {
            String content = withoutComment(line).strip();
            Matcher pair = PAIR.matcher(content);
            if (pair.matches()) {
                key = pair.group(1);
                pairs.add(pair(key, pair.group(2)));
            } else if (content.startsWith("- ") && !key.isEmpty()) {
                pairs.add(pair(key, content.substring(2)));
            } else if (!content.isEmpty() && !content.equals("---")) {
                return null;
            }
        }
        return pairs.isEmpty() ? null : pairs;
    }

    /** A pair whose value counts only if the key is one for hosts, or if it has a URL. */
    private static Pair pair(String key, String value) {
        KeyKind kind = KeyKind.of(key);
        return new Pair(kind == KeyKind.OTHER ? KeyKind.NO_HOST : kind, key, Quotes.remove(value.strip()));
    }

    private static String withoutComment(String line) {
        int comment = line.startsWith("#") ? 0 : line.indexOf(" #");
        return comment < 0 ? line : line.substring(0, comment);
    }
}
