package io.schedtrace;

import io.schedtrace.internal.session.Session;
import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;
import java.lang.ref.Cleaner.Cleanable;
import org.jspecify.annotations.Nullable;

/** Closes the sessions of tracers that nobody holds any more and nobody has closed. */
final class OpenTracers {
    private static final System.Logger LOG = System.getLogger("io.schedtrace");

    private static @Nullable Cleaner cleaner;

    private OpenTracers() {}

    /**
     * Has the session closed once {@code tracer} is unreachable; whoever closes the session is to clean the result. If there can be
     * no thread for that, the session is closed now.
     */
    static Cleanable register(ProcessTreeTracer tracer, Session session) {
        boolean registered = false;
        try {
            Cleanable cleanable = cleaner().register(tracer, () -> close(session));
            registered = true;
            return cleanable;
        } finally {
            if (!registered) {
                session.close(false);
            }
        }
    }

    /** Made when it is first needed, and again if that failed: its thread may not start. */
    private static synchronized Cleaner cleaner() {
        Cleaner made = cleaner;
        if (made == null) {
            made = Cleaner.create();
            cleaner = made;
        }
        return made;
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
