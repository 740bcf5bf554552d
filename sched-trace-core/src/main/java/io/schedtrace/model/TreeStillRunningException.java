package io.schedtrace.model;

import java.time.Duration;
import java.util.Collection;

/** Processes of a tree were still running when the time to wait for them was up. */
public final class TreeStillRunningException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final int NAMED = 10;

    private final transient Trace trace;

    public TreeStillRunningException(Duration timeout, Collection<String> alive, Trace trace) {
        super("still running after " + timeout.toMillis() + " ms: "
                + String.join(", ", alive.stream().limit(NAMED).toList())
                + (alive.size() > NAMED ? " and " + (alive.size() - NAMED) + " more" : ""));
        this.trace = trace;
    }

    /** The trace as it was then. */
    public Trace trace() {
        return trace;
    }
}
