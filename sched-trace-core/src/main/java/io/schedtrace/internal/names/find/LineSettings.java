package io.schedtrace.internal.names.find;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Texts of lines {@code key: value}, simple YAML, and {@code key = value}, properties. Depth is not kept, for the key
 * says what counts; elements of a list stand under the list's key. One line of another form and it is another text.
 */
final class LineSettings {
    private static final int MAX_LINES = 1_024;
    private static final Pattern PAIR = Pattern.compile("(?:-\\s+)?([A-Za-z][\\w.-]{0,63})(?:\\s*=|:(?=\\s|$))(.*)");

    private LineSettings() {}

    /**
     * Tells {@code pairs} each key and value.
     *
     * @return whether {@code text} consists of such lines, more than one
     */
    static boolean scan(String text, BiConsumer<String, String> pairs) {
        if (text.indexOf('\n') < 0) {
            return false;
        }
        List<String[]> all = new ArrayList<>();
        String key = "";
        for (String line : text.split("\n", MAX_LINES)) {
            String content = withoutComment(line).strip();
            Matcher pair = PAIR.matcher(content);
            if (pair.matches()) {
                key = pair.group(1);
                all.add(new String[] {key, pair.group(2)});
            } else if (content.startsWith("- ") && !key.isEmpty()) {
                all.add(new String[] {key, content.substring(2)});
            } else if (!content.isEmpty() && !content.equals("---")) {
                return false;
            }
        }
        all.forEach(pair -> pairs.accept(pair[0], ConnectionString.unquoted(pair[1].strip())));
        return all.size() > 1;
    }

    private static String withoutComment(String line) {
        int comment = line.startsWith("#") ? 0 : line.indexOf(" #");
        return comment < 0 ? line : line.substring(0, comment);
    }
}
