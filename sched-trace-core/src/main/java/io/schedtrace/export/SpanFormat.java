package io.schedtrace.export;

import io.schedtrace.model.Span;
import io.schedtrace.model.Trace;
import org.jspecify.annotations.Nullable;

/** A format of one line for each span. The visitor's methods return the line, without a line end. */
interface SpanFormat extends Span.Visitor<String> {
    /** What follows the last span; null for nothing. */
    @Nullable
    String last(Trace trace);
}
