package io.schedtrace.export;

import java.io.IOException;

/** Writes part of a JSON document. A visitor of spans cannot throw {@link IOException}, so it returns one of these. */
interface JsonOutput {
    void write() throws IOException;
}
