/**
 * Processes and connections as spans of OpenTelemetry: {@link io.schedtrace.otel.OtelSpans}.
 *
 * <p>Needs {@code io.opentelemetry:opentelemetry-sdk-trace}, an optional dependency. {@code ProcessAttributes} and
 * {@code ConnectionAttributes} hold what the semantic conventions call things, {@code FinishedSpan} is a span as the
 * SDK takes it.
 */
@NullMarked
package io.schedtrace.otel;

import org.jspecify.annotations.NullMarked;
