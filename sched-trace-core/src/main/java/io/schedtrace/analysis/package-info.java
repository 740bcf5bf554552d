/**
 * What traces tell: totals, the critical path, and how two traces differ.
 *
 * <p>{@link io.schedtrace.analysis.TraceSummary} has the totals of a trace, {@link io.schedtrace.analysis.CriticalPath}
 * says what its duration is made of, and {@link io.schedtrace.analysis.TraceDiff} compares two traces without their
 * pids, times and temporary paths. All of them take a finished {@link io.schedtrace.model.Trace}, which may come from a
 * file ({@link io.schedtrace.export.TraceFile}).
 */
@NullMarked
package io.schedtrace.analysis;

import org.jspecify.annotations.NullMarked;
