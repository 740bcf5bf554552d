package io.schedtrace.internal.session;

import io.schedtrace.internal.backend.Backend;
import io.schedtrace.internal.backend.UnavailableBackend;
import io.schedtrace.internal.backend.bpf.BpfBackend;
import io.schedtrace.internal.backend.file.FileBackend;
import io.schedtrace.internal.text.Constants;
import io.schedtrace.model.Availability;
import io.schedtrace.model.Availability.Reason;
import io.schedtrace.model.Via;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Chooses the backend of this JVM, in this one place. */
public final class Backends {
    /**
     * The system property that forces a way to trace: {@code bpf}, {@code daemon}, {@code helper}, {@code ptrace}, or
     * {@code file:PATH} to replay a file of records.
     */
    public static final String PROPERTY = "io.schedtrace.via";

    private static final String FILE = "file:";

    /** The ways that trace what happens, best first. */
    private static final Map<Via, Backend> LIVE = live();

    /** Those that a session takes unless it is told. {@link Via#PTRACE}, which knows less, has to be asked for. */
    private static final Map<Via, Backend> AUTOMATIC = automatic();

    private static final Backend BEST = new FirstAvailable(List.copyOf(AUTOMATIC.values()));

    private Backends() {}

    private static Map<Via, Backend> live() {
        Map<Via, Backend> ways = new LinkedHashMap<>();
        ways.put(Via.BPF, BpfBackend.IN_PROCESS);
        ways.put(Via.DAEMON, BpfBackend.DAEMON);
        ways.put(Via.HELPER, BpfBackend.HELPER);
        ways.put(Via.PTRACE, BpfBackend.PTRACE);
        return Collections.unmodifiableMap(ways);
    }

    private static Map<Via, Backend> automatic() {
        Map<Via, Backend> ways = new LinkedHashMap<>(LIVE);
        ways.remove(Via.PTRACE);
        return Collections.unmodifiableMap(ways);
    }

    /** Whether each way that a session takes by itself works here, best first. */
    public static Map<Via, Availability> availabilities() {
        Map<Via, Availability> availabilities = new LinkedHashMap<>();
        AUTOMATIC.forEach((via, way) -> availabilities.put(via, way.availability()));
        return availabilities;
    }

    /** The backend that new sessions use; one that is unavailable if {@link #PROPERTY} names none. */
    public static Backend chosen() {
        String via = System.getProperty(PROPERTY);
        if (via == null) {
            Backend launched = BpfBackend.ofLauncher();
            return launched == null ? BEST : launched;
        }
        for (Via way : LIVE.keySet()) {
            if (Constants.lower(way).equals(via)) {
                return LIVE.get(way);
            }
        }
        if (via.startsWith(FILE)) {
            return replay(via.substring(FILE.length()));
        }
        return new UnavailableBackend(
                Reason.REFUSED,
                "-D" + PROPERTY + "=" + via
                        + " is not a way to trace; use "
                        + LIVE.keySet().stream().map(Constants::lower).collect(Collectors.joining(", "))
                        + ", or file:PATH to replay a file of records");
    }

    /**
     * The backend of one way to trace what happens.
     *
     * @throws IllegalArgumentException if {@code via} is no such way
     */
    public static Backend forced(Via via) {
        Backend way = LIVE.get(via);
        if (way == null) {
            throw new IllegalArgumentException("Via." + via + " is not a way to trace; use one of " + LIVE.keySet());
        }
        return way;
    }

    private static Backend replay(String file) {
        try {
            return new FileBackend(Path.of(file));
        } catch (InvalidPathException e) {
            return new UnavailableBackend(Reason.REFUSED, "-D" + PROPERTY + " names no file: " + e.getMessage());
        }
    }
}
