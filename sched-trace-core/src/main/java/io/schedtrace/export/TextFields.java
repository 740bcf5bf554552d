package io.schedtrace.export;

import io.schedtrace.internal.text.Printable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Builds a line of {@code key=value} pairs with blanks between them. */
final class TextFields {
    private final StringBuilder line = new StringBuilder(512);

    TextFields(String type) {
        line.append("type=").append(type);
    }

    /** A value from outside: in quotes, with escapes, unless it is one plain word. Null leaves the place empty. */
    TextFields text(String key, @Nullable String value) {
        begin(key);
        if (value == null) {
            return this;
        }
        if (isWord(value)) {
            line.append(value);
        } else {
            line.append('"');
            Printable.append(line, value, '"');
            line.append('"');
        }
        return this;
    }

    /** A duration; null leaves the place empty. */
    TextFields nanoseconds(String key, @Nullable Duration value) {
        begin(key).append(value == null ? "" : value.toNanos() + "ns");
        return this;
    }

    /** A number, or a value of our own that needs no quotes; null leaves the place empty. */
    TextFields plain(String key, @Nullable Object value) {
        begin(key).append(value == null ? "" : value);
        return this;
    }

    @Override
    public String toString() {
        return line.toString();
    }

    private StringBuilder begin(String key) {
        return line.append(' ').append(key).append('=');
    }

    private static boolean isWord(String value) {
        return !value.isEmpty()
                && value.codePoints()
                        .allMatch(c ->
                                c != ' ' && c != '"' && c != '\'' && c != '\\' && c != '=' && Printable.isPlain(c));
    }
}
