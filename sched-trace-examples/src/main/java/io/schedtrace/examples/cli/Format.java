package io.schedtrace.examples.cli;

import java.util.Locale;

/** How spans are written. */
enum Format {
    TEXT,
    JSON,
    TREE;

    /** As it is typed. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
