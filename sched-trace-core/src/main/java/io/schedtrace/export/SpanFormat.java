package io.schedtrace.export;

import io.schedtrace.model.Span;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TraceId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A format of one line for each span. The visitor's methods return the line, without a line end. */
interface SpanFormat extends Span.Visitor<String> {
    /**
     * Returns the line before the first span; null for none.
     *
     * @param streamed whether the spans are in the order of their ends
     */
    default @Nullable String first(TraceId traceId, boolean streamed) {
        return null;
    }

    /** Returns lines of other versions, which a reader has kept; they stand after the spans. */
    default List<String> foreignLines() {
        return List.of();
    }

    /**
     * Returns the line after the last span; null for none.
     *
     * @param trace has at least the spans that are still open
     * @param written how many spans have been written
     */
    @Nullable
    String last(Trace trace, Counts written);

    /** How many spans there are of each kind. */
    record Counts(int processes, int connections, int listeners) {
        static Counts of(Trace trace) {
            return new Counts(
                    trace.processes().size(),
                    trace.connections().size(),
                    trace.listeners().size());
        }
    }
}
