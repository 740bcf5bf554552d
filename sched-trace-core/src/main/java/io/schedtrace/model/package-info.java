/**
 * The values of a trace: spans of processes, connections and sessions, with what they are made of.
 *
 * <p>All of them are immutable and safe to share between threads. A value class gains properties between versions
 * without breaking callers; its builder makes instances for tests.
 *
 * <p>This package depends on nothing else of the library's public packages. {@link io.schedtrace.model.TraceListener}
 * is how values arrive while a session runs.
 */
@NullMarked
package io.schedtrace.model;

import org.jspecify.annotations.NullMarked;
