package io.schedtrace.export;

import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.ScopeSpan;
import io.schedtrace.model.Span;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.Trace;
import org.jspecify.annotations.Nullable;

/** A format of one line a span. */
interface SpanFormat {
    /** The line of a process, without its end. */
    String process(ProcessSpan process);

    /** The line of a connection, without its end. */
    String connection(TcpSpan connection);

    /** The line of a scope, without its end. */
    String scope(ScopeSpan scope);

    /** What follows the last span; null for nothing. */
    @Nullable
    String last(Trace trace);

    /** The line of a span, without its end. */
    default String span(Span span) {
        if (span instanceof ProcessSpan process) {
            return process(process);
        }
        return span instanceof ScopeSpan scope ? scope(scope) : connection((TcpSpan) span);
    }
}
