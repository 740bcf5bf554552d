/**
 * Traces a process tree and its TCP connections through the kernel.
 *
 * <p>{@link io.schedtrace.Tracer#launch(String...)} is the short way in, {@link
 * io.schedtrace.ProcessTreeTracer#builder()} the full one. What they yield are immutable values: {@link
 * io.schedtrace.Trace}, {@link io.schedtrace.ProcessSpan}, {@link io.schedtrace.TcpSpan}.
 *
 * <p>Priorities, in this order: the traced program is not harmed; nothing is lost silently; a span is exact; tracing
 * is cheap; the interface is small.
 *
 * <p>Threads: a tracer may be used from any thread. Each {@link io.schedtrace.TraceListener} is called on one thread
 * of its own, in the order of events. Values are safe to share.
 */
@NullMarked
package io.schedtrace;

import org.jspecify.annotations.NullMarked;
