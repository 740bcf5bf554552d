package io.schedtrace.internal.names.find;

import java.util.Set;

/** Sets of words, written as text. */
final class Words {
    private Words() {}

    /** The words in {@code text}, which blanks and line ends part. */
    static Set<String> of(String text) {
        return Set.of(text.strip().split("\\s+", -1));
    }
}
