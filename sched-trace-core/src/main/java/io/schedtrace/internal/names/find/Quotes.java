package io.schedtrace.internal.names.find;

/** Removes quotes. */
final class Quotes {
    private Quotes() {}

    /** Returns {@code text} without the pair of single or double quotes that encloses it, if there is one. */
    static String remove(String text) {
        int last = text.length() - 1;
        boolean quoted = last > 0 && text.charAt(0) == text.charAt(last) && "'\"".indexOf(text.charAt(0)) >= 0;
        return quoted ? text.substring(1, last) : text;
    }
}
