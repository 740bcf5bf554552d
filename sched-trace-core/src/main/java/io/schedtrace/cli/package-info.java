/**
 * The {@code sched-trace} command; its main class is {@link io.schedtrace.cli.SchedTrace}.
 *
 * <p>{@code Options} and {@code TraceOptions} parse the command line. {@code CommandRun} runs the command under trace,
 * {@code SpanOutput} is the file or stream for the spans, {@code StatusLine} shows progress on a terminal, {@code
 * OtlpExport} sends spans to an OpenTelemetry back end, and {@code SignalForwarder} forwards signals to the command.
 *
 * <p>Needs {@code info.picocli:picocli}, and for {@code --otlp} {@code io.opentelemetry:opentelemetry-exporter-otlp}
 * and {@code opentelemetry-sdk-extension-autoconfigure}; these are optional dependencies.
 */
@NullMarked
package io.schedtrace.cli;

import org.jspecify.annotations.NullMarked;
