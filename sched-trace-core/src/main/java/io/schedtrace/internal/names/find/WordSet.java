package io.schedtrace.internal.names.find;

import java.util.Set;

/** Makes sets of words from text blocks. */
final class WordSet {
    private WordSet() {}

    /** Returns the words in {@code text}, which are separated by white space. */
    static Set<String> of(String text) {
        return Set.of(text.strip().split("\\s+", -1));
    }
}
