/**
 * The {@code sched-trace} command: {@link io.schedtrace.cli.SchedTrace}.
 *
 * <p>{@code Options} reads the command line, {@code CommandRun} runs what it asks for, {@code SignalForwarder} passes
 * signals on, {@code SpanOutput} is where the spans go.
 */
@NullMarked
package io.schedtrace.cli;

import org.jspecify.annotations.NullMarked;
