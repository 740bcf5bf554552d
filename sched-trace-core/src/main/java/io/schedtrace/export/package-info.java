/**
 * Output formats for traces and spans.
 *
 * <p>{@link io.schedtrace.export.TextLines} and {@link io.schedtrace.export.JsonLines} write one line for each span
 * when it ends; {@link io.schedtrace.export.HtmlReport} and {@link io.schedtrace.export.PerfettoTrace} write one
 * document when the session is closed. Each makes a {@link io.schedtrace.model.TraceListener} for live output, and also
 * writes a finished {@link io.schedtrace.model.Trace}. {@link io.schedtrace.export.TraceFormat} adds a format to the
 * {@code sched-trace} command.
 *
 * <p>Everything that comes from traced programs (names, arguments, host names) is hostile until it is escaped. All
 * formats escape control characters, terminal escapes, invisible characters, characters that change the direction of
 * writing, and bytes that are not UTF-8. No value can begin a new line.
 *
 * <p>All formats hide secrets ({@link io.schedtrace.model.Redactor}).
 *
 * <p>JSON lines, HTML and Perfetto traces need {@code com.fasterxml.jackson.core:jackson-core}, an optional dependency.
 */
@NullMarked
package io.schedtrace.export;

import org.jspecify.annotations.NullMarked;
