package io.schedtrace;

import io.schedtrace.internal.session.Session;

/** What tests see of a tracer that users do not. */
public final class TracerInternals {
    private TracerInternals() {}

    /** The session behind a tracer. */
    public static Session session(ProcessTreeTracer tracer) {
        return tracer.session();
    }
}
