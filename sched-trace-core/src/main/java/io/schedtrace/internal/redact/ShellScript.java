package io.schedtrace.internal.redact;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/** Splits a shell script into commands and hides the secrets of each. Everything else stays as it is. */
final class ShellScript {
    private static final String SEPARATORS = ";&|\n(){}`";
    private static final String SPECIAL = " \t\n;&|(){}`'\"\\<>*?[]#~";

    private final String text;
    private final int depth;
    private final List<Word> changed = new ArrayList<>();
    private final Deque<List<Word>> outer = new ArrayDeque<>();
    private List<Word> command = new ArrayList<>();
    private int at;

    /** A word of a command: where it stands, and what the shell makes of it. */
    private record Word(int start, int end, String value) {}

    private ShellScript(String text, int depth) {
        this.text = text;
        this.depth = depth;
    }

    /** @param depth how many scripts this one stands in, itself included */
    static String hide(String text, int depth) {
        return new ShellScript(text, depth).hide();
    }

    private String hide() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (SEPARATORS.indexOf(c) >= 0) {
                separator(c);
                at++;
            } else if (Character.isWhitespace(c) || c == '<' || c == '>') {
                at++;
            } else {
                command.add(word());
            }
        }
        flush();
        while (!outer.isEmpty()) {
            command = outer.pop();
            flush();
        }
        return written();
    }

    /** A substitution stands inside a command, which goes on after it. */
    private void separator(char c) {
        if (c == '(' && at > 0 && text.charAt(at - 1) == '$') {
            outer.push(command);
            command = new ArrayList<>();
        } else {
            flush();
            if (c == ')' && !outer.isEmpty()) {
                command = outer.pop();
            }
        }
    }

    private void flush() {
        List<String> values = command.stream().map(Word::value).toList();
        List<String> shown = SecretArguments.hide(values, depth);
        for (int i = 0; i < shown.size(); i++) {
            if (!shown.get(i).equals(values.get(i))) {
                changed.add(new Word(command.get(i).start, command.get(i).end, shown.get(i)));
            }
        }
        command = new ArrayList<>();
    }

    private Word word() {
        int start = at;
        StringBuilder value = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\'' || c == '"') {
                quoted(c, value);
            } else if (c == '$' && text.startsWith("${", at)) {
                variable(value);
            } else if (Character.isWhitespace(c) || SEPARATORS.indexOf(c) >= 0 || c == '<' || c == '>') {
                break;
            } else {
                at += c == '\\' && at + 1 < text.length() ? 1 : 0;
                value.append(text.charAt(at++));
            }
        }
        return new Word(start, at, value.toString());
    }

    private void quoted(char quote, StringBuilder value) {
        at++;
        while (at < text.length() && text.charAt(at) != quote) {
            boolean escaped = quote == '"'
                    && text.charAt(at) == '\\'
                    && at + 1 < text.length()
                    && "\"\\$`\n".indexOf(text.charAt(at + 1)) >= 0;
            at += escaped ? 1 : 0;
            value.append(text.charAt(at++));
        }
        at++;
        at = Math.min(at, text.length());
    }

    private void variable(StringBuilder value) {
        while (at < text.length() && text.charAt(at) != '}' && !Character.isWhitespace(text.charAt(at))) {
            value.append(text.charAt(at++));
        }
        if (at < text.length() && text.charAt(at) == '}') {
            value.append(text.charAt(at++));
        }
    }

    private String written() {
        changed.sort(Comparator.comparingInt(Word::start));
        StringBuilder out = new StringBuilder(text.length());
        int copied = 0;
        for (Word word : changed) {
            out.append(text, copied, word.start).append(quoted(word));
            copied = word.end;
        }
        return out.append(text, copied, text.length()).toString();
    }

    /** The new value of a word, in the quotation marks of the old one; those may begin after {@code NAME=}. */
    private String quoted(Word word) {
        int equals = word.value.indexOf('=') + 1;
        int quote = word.start + equals;
        return quote < word.end && equals > 0 && text.charAt(quote - 1) == '=' && text.charAt(quote) == '"'
                ? word.value.substring(0, equals) + quote('"', word.value.substring(equals))
                : quote(text.charAt(word.start), word.value);
    }

    private static String quote(char first, String value) {
        if (first == '"') {
            return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        }
        String bare = value.replace(Mask.MASK, "");
        return bare.chars().anyMatch(c -> SPECIAL.indexOf(c) >= 0) ? "'" + value.replace("'", "'\\''") + "'" : value;
    }
}
