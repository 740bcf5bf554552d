package io.schedtrace.internal.session;

import io.schedtrace.internal.backend.Backend;
import io.schedtrace.internal.backend.bpf.BpfBackend;
import io.schedtrace.internal.backend.file.FileBackend;
import java.nio.file.Path;

/** Chooses the backend of this JVM, in this one place. */
public final class Backends {
    /** The system property that forces a way to trace: {@code bpf}, or {@code file:PATH} to replay a file of records. */
    public static final String PROPERTY = "io.schedtrace.via";

    private static final String FILE = "file:";

    private Backends() {}

    /**
     * The backend that new sessions use.
     *
     * @throws IllegalArgumentException if {@link #PROPERTY} names none
     */
    public static Backend chosen() {
        String via = System.getProperty(PROPERTY, "bpf");
        if (via.equals("bpf")) {
            return BpfBackend.INSTANCE;
        }
        if (via.startsWith(FILE)) {
            return new FileBackend(Path.of(via.substring(FILE.length())));
        }
        throw new IllegalArgumentException("-D" + PROPERTY + "=" + via
                + " is not a way to trace; use bpf, or file:PATH to replay a file of records");
    }
}
