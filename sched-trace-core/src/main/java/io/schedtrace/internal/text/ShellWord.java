package io.schedtrace.internal.text;

import java.util.regex.Pattern;

/** Arguments as a shell takes them, short enough for a line. */
public final class ShellWord {
    /** A longer argument loses its middle. */
    private static final int LONGEST = 72;

    private static final int KEPT_OF_THE_END = 24;
    private static final Pattern BARE = Pattern.compile("[\\p{L}\\p{M}\\p{N}_@%+=:,./~^-]+");

    private ShellWord() {}

    /**
     * Returns an argument for people: the middle of a long one is cut out, and it is quoted so that a shell (with
     * {@code $'...'}) reads the same.
     */
    public static String of(String argument) {
        return whole(shorten(argument));
    }

    /** Returns an argument, quoted so that a shell (with {@code $'...'}) reads the same. */
    public static String whole(String shown) {
        if (BARE.matcher(shown).matches()) {
            return shown;
        }
        if (Printable.isPlain(shown) && shown.indexOf('\'') < 0) {
            return "'" + shown + "'";
        }
        StringBuilder out = new StringBuilder("$'");
        Printable.append(out, shown, '\'');
        return out.append('\'').toString();
    }

    private static String shorten(String text) {
        if (text.length() <= LONGEST) {
            return text;
        }
        return beginning(text, LONGEST - KEPT_OF_THE_END) + "…" + end(text, KEPT_OF_THE_END);
    }

    /** The first {@code length} characters, or one fewer where that would part a pair of surrogates. */
    public static String beginning(String text, int length) {
        return text.substring(0, boundary(text, length));
    }

    private static String end(String text, int length) {
        return text.substring(boundary(text, text.length() - length));
    }

    private static int boundary(String text, int index) {
        return Character.isSurrogatePair(text.charAt(index - 1), text.charAt(index)) ? index - 1 : index;
    }
}
