/**
 * Traces and spans as text, JSON lines, an HTML page, and a file for Perfetto.
 *
 * <p>{@link io.schedtrace.export.TextLines} and {@link io.schedtrace.export.JsonLines} write a line for each span, at
 * its end; {@link io.schedtrace.export.HtmlReport} and {@link io.schedtrace.export.PerfettoTrace} write a whole trace.
 * Each is a {@link io.schedtrace.model.TraceListener} for one session, or takes a {@link io.schedtrace.model.Trace}.
 * What is not known is null, empty or left out, as the format says; it is never 0.
 *
 * <p>Everything that comes from traced programs (names, arguments, host names) is hostile until it is escaped: control
 * characters, terminal escapes, characters that are invisible or change the direction of text, and bytes that are not
 * UTF-8 are never written raw, and no value can begin a new line.
 *
 * <p>All but {@code TextLines} need {@code com.fasterxml.jackson.core:jackson-core}, an optional dependency.
 */
@NullMarked
package io.schedtrace.export;

import org.jspecify.annotations.NullMarked;
