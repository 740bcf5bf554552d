package io.schedtrace.model;

import io.schedtrace.internal.text.Ascii;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What somebody waited for did not happen in time. The message says what that was, and shows the tree. */
public final class TraceTimeoutException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Trace trace;

    /**
     * @param awaited what did not happen, as a noun: {@code a process named 'redis'}
     * @param timeout how long it was awaited
     * @param trace the trace at the end of that time
     */
    public TraceTimeoutException(String awaited, Duration timeout, Trace trace) {
        super("waited " + Math.max(0, TimeUnit.MILLISECONDS.convert(timeout)) + " ms for " + awaited
                + ", without success; the trace is:\n"
                + Ascii.ifNeeded(TreeText.plain().brief().format(trace)));
        this.trace = trace;
    }

    /** The trace as it was then. */
    public Trace trace() {
        return trace;
    }
}
