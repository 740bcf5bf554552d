package io.schedtrace;

import io.schedtrace.internal.session.Backends;
import io.schedtrace.model.Availability;
import io.schedtrace.model.Via;
import java.util.Map;

/** Tells whether this JVM can trace. */
public final class Tracing {
    private Tracing() {}

    /**
     * Whether each way to trace works here; if not, why, and what to do about it. A session takes the first that works, unless
     * {@code -Dio.schedtrace.via} forces one. Tries them all, which takes some 100 ms.
     */
    public static Map<Via, Availability> ways() {
        return Backends.availabilities();
    }

    /**
     * Whether this JVM can trace; if not, why, and what to do about it. Loads the BPF program if it can, and keeps it for
     * the first tracer; starts nothing. Takes some 50 ms the first time, and nothing once it has succeeded.
     */
    public static Availability availability() {
        return Backends.chosen().availability();
    }
}
