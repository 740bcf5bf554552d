package io.schedtrace.internal.text;

import java.nio.charset.Charset;
import java.util.Map;
import java.util.stream.Stream;

/** Pictures for terminals and logs that cannot show the characters of {@link TreeWalk}. */
public final class Ascii {
    private static final String SAMPLE = "├─│└✗→←»…µ";
    private static final Map<String, String> REPLACEMENTS =
            Map.of("├─", "|-", "└─", "`-", "│", "|", "✗", "x", "→", "->", "←", "<-", "»", ">>", "…", "...", "µ", "u");

    private Ascii() {}

    /** Returns the text as it is if standard output can encode it, else with ASCII characters for lines and marks. */
    public static String ifNeeded(String text) {
        return output().newEncoder().canEncode(SAMPLE) ? text : of(text);
    }

    /** Returns the text with ASCII characters for lines and marks. */
    static String of(String text) {
        String shown = text;
        for (Map.Entry<String, String> replacement : REPLACEMENTS.entrySet()) {
            shown = shown.replace(replacement.getKey(), replacement.getValue());
        }
        return shown;
    }

    /** The encoding of standard output. JDK 17 has it under another name, and only for terminals. */
    private static Charset output() {
        return Stream.of("stdout.encoding", "sun.stdout.encoding", "native.encoding", "file.encoding")
                .map(System::getProperty)
                .filter(name -> name != null && isKnown(name))
                .findFirst()
                .map(Charset::forName)
                .orElseGet(Charset::defaultCharset);
    }

    private static boolean isKnown(String name) {
        try {
            return Charset.isSupported(name);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
