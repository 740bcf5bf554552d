package io.schedtrace.export;

import java.util.LinkedHashMap;
import java.util.Map;

/** Reads a line of {@link TextLines} back. */
final class LogfmtReader {
    private final String line;
    private int at;

    private LogfmtReader(String line) {
        this.line = line;
    }

    static Map<String, String> read(String line) {
        LogfmtReader reader = new LogfmtReader(line);
        Map<String, String> fields = new LinkedHashMap<>();
        while (reader.at < line.length()) {
            int equals = line.indexOf('=', reader.at);
            String key = line.substring(reader.at, equals);
            reader.at = equals + 1;
            fields.put(key, reader.value());
            reader.at++;
        }
        return fields;
    }

    private String value() {
        if (at < line.length() && line.charAt(at) == '"') {
            at++;
            return quoted();
        }
        int end = line.indexOf(' ', at);
        String word = line.substring(at, end < 0 ? line.length() : end);
        at += word.length();
        return word;
    }

    private String quoted() {
        StringBuilder out = new StringBuilder();
        for (char c = line.charAt(at++); c != '"'; c = line.charAt(at++)) {
            if (c == '\\') {
                escape(out);
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private void escape(StringBuilder out) {
        char kind = line.charAt(at++);
        switch (kind) {
            case 'n' -> out.append('\n');
            case 't' -> out.append('\t');
            case 'r' -> out.append('\r');
            case 'x' -> {
                int value = hex(2);
                out.append((char) (value < 0x80 ? value : 0xdc00 + value));
            }
            case 'u' -> out.append((char) hex(4));
            case 'U' -> out.appendCodePoint(hex(8));
            default -> out.append(kind);
        }
    }

    private int hex(int digits) {
        at += digits;
        return Integer.parseInt(line.substring(at - digits, at), 16);
    }
}
