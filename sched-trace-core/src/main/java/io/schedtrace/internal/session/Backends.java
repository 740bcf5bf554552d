package io.schedtrace.internal.session;

import io.schedtrace.internal.backend.Backend;
import io.schedtrace.internal.backend.UnavailableBackend;
import io.schedtrace.internal.backend.bpf.BpfBackend;
import io.schedtrace.internal.backend.file.FileBackend;
import io.schedtrace.model.Availability.Reason;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Chooses the backend of this JVM, in this one place. */
public final class Backends {
    /** The system property that forces a way to trace: {@code bpf}, or {@code file:PATH} to replay a file of records. */
    public static final String PROPERTY = "io.schedtrace.via";

    private static final String FILE = "file:";

    private Backends() {}

    /** The backend that new sessions use; one that is unavailable if {@link #PROPERTY} names none. */
    public static Backend chosen() {
        String via = System.getProperty(PROPERTY, "bpf");
        if (via.equals("bpf")) {
            return BpfBackend.INSTANCE;
        }
        if (via.startsWith(FILE)) {
            return replay(via.substring(FILE.length()));
        }
        return new UnavailableBackend(
                Reason.REFUSED,
                "-D" + PROPERTY + "=" + via
                        + " is not a way to trace; use bpf, or file:PATH to replay a file of records");
    }

    private static Backend replay(String file) {
        try {
            return new FileBackend(Path.of(file));
        } catch (InvalidPathException e) {
            return new UnavailableBackend(Reason.REFUSED, "-D" + PROPERTY + " names no file: " + e.getMessage());
        }
    }
}
