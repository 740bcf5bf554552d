package io.schedtrace;

import io.schedtrace.internal.backend.bpf.SharedProbe;
import io.schedtrace.model.Availability;
import io.schedtrace.model.TracingUnavailableException;

/** Tells whether this JVM can trace. */
public final class Tracing {
    private Tracing() {}

    /**
     * Whether this JVM can trace; if not, why, and what to do about it. Loads the BPF program if it can, and keeps it for
     * the first tracer; starts nothing. Takes some 50 ms the first time, and nothing once it has succeeded.
     */
    public static Availability availability() {
        try {
            SharedProbe.get(SharedProbe.ANY_SIZE);
            return new Availability(null, "tracing is available");
        } catch (TracingUnavailableException e) {
            return new Availability(e.reason(), String.valueOf(e.getMessage()));
        }
    }
}
