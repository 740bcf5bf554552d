package io.schedtrace.cli;

import java.util.Locale;

/** How spans are written. */
enum Format {
    TEXT,
    JSON,
    TREE,
    HTML,
    PERFETTO;

    /** Whether it is a document for a program, of no use among other output. */
    boolean needsFile() {
        return this == HTML || this == PERFETTO;
    }

    /** Whether spans are written while the command runs. */
    boolean streams() {
        return this == TEXT || this == JSON;
    }

    /** As it is typed. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
