/**
 * Traces a process tree and its TCP connections through the kernel.
 *
 * <p>{@link io.schedtrace.Tracer#launch(String...)} traces one command; {@link
 * io.schedtrace.ProcessTreeTracer#builder()} has all the settings. Both return immutable values: {@link
 * io.schedtrace.model.Trace}, {@link io.schedtrace.model.ProcessSpan}, {@link io.schedtrace.model.TcpSpan}.
 *
 * <p>Priorities, in this order: the traced program is not harmed; nothing is lost silently; a span is exact; tracing
 * is cheap; the interface is small.
 *
 * <p>Threads: any thread may use a tracer. Each {@link io.schedtrace.model.TraceListener} is called on one thread of
 * its own, in the order of events. Values are safe to share.
 */
@NullMarked
package io.schedtrace;

import org.jspecify.annotations.NullMarked;
