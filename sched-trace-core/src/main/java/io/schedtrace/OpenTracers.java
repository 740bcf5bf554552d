package io.schedtrace;

import io.schedtrace.internal.session.Session;
import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;
import java.lang.ref.Cleaner.Cleanable;

/** Closes the sessions of tracers that nobody holds any more and nobody has closed. */
final class OpenTracers {
    private static final System.Logger LOG = System.getLogger("io.schedtrace");
    private static final Cleaner CLEANER = Cleaner.create();

    private OpenTracers() {}

    /** Has the session closed once {@code tracer} is unreachable; closing the session is to clean the result. */
    static Cleanable register(ProcessTreeTracer tracer, Session session) {
        return CLEANER.register(tracer, () -> close(session));
    }

    /** Does not kill: nobody has said by now that the processes shall end. */
    private static void close(Session session) {
        if (!session.isClosed()) {
            LOG.log(
                    Level.WARNING,
                    "a tracer has been garbage collected before it was closed; close each tracer, for example in a"
                            + " try-with-resources statement");
            session.close(false);
        }
    }
}
