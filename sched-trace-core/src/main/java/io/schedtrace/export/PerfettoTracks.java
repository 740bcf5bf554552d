package io.schedtrace.export;

import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.Trace;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The numbers of tracks: the pid on the host, once. */
final class PerfettoTracks {
    /** The kernel's limit: pids are smaller. */
    private static final long FIRST_FREE = 1L << 22;

    private final Map<SpanId, Long> tracks = new HashMap<>();
    private final Map<SpanId, Long> owners = new HashMap<>();

    PerfettoTracks(Trace trace) {
        Set<Long> used = new HashSet<>();
        long free = FIRST_FREE;
        for (ProcessSpan process : trace.processes()) {
            Long pid = process.hostPid();
            boolean usable = pid != null && pid > 0 && pid < FIRST_FREE && used.add(pid);
            tracks.put(process.spanId(), usable ? pid : Long.valueOf(++free));
        }
        for (TcpSpan connection : trace.connections()) {
            owners.put(connection.spanId(), of(connection.processSpanId()));
        }
    }

    /** The track of counters, losses, and connections and listeners of no process. */
    long session() {
        return FIRST_FREE;
    }

    long of(ProcessSpan process) {
        return tracks.getOrDefault(process.spanId(), FIRST_FREE);
    }

    /** The track of the process that owns a connection or listener. */
    long of(@Nullable SpanId owner) {
        return owner == null ? FIRST_FREE : tracks.getOrDefault(owner, FIRST_FREE);
    }

    /** Whether a connection with that id is in the trace. */
    boolean hasConnection(SpanId id) {
        return owners.containsKey(id);
    }
}
