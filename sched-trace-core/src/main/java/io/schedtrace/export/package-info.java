/**
 * Traces and spans as text, JSON lines, and pictures for people.
 *
 * <p>{@link io.schedtrace.export.TextLines} and {@link io.schedtrace.export.JsonLines} write a line a span, at its end;
 * {@link io.schedtrace.export.TreeText} draws the whole tree. Each is a {@link io.schedtrace.TraceListener} for live
 * output, or takes a {@link io.schedtrace.Trace}.
 *
 * <p>Everything that comes from traced programs (names, arguments, host names) is hostile until it is escaped: control
 * characters, terminal escapes, characters that are invisible or turn the direction of writing, and bytes that are not
 * UTF-8 never come out raw, and no value can begin a new line.
 *
 * <p>{@code JsonLines} needs {@code com.fasterxml.jackson.core:jackson-core}, an optional dependency; nothing else here
 * needs it.
 */
@NullMarked
package io.schedtrace.export;

import org.jspecify.annotations.NullMarked;
