package io.schedtrace;

import io.schedtrace.internal.session.Backends;
import io.schedtrace.model.Availability;

/** Tells whether this JVM can trace. */
public final class Tracing {
    private Tracing() {}

    /**
     * Whether this JVM can trace; if not, why, and what to do about it. Loads the BPF program if it can, and keeps it for
     * the first tracer; starts nothing. Takes some 50 ms the first time, and nothing once it has succeeded.
     */
    public static Availability availability() {
        return Backends.chosen().availability();
    }
}
