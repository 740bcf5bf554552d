package io.schedtrace.model;

import io.schedtrace.internal.text.Human;
import io.schedtrace.internal.text.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What of a session is missing, by the kernel side's own count. The numbers are exact: what happened = records received +
 * {@link #records()}.
 *
 * @param recordsByType records that found no room in the ring buffer, by their type ({@code process_start}, {@code
 *     process_exec}, {@code exec_data}, {@code process_end}, {@code connection_open}, ...); only types with losses. A {@code
 *     connection_end}, {@code process_end} or {@code process_exec} may also be lost because the kernel left the program out,
 *     and the socket, process or program was gone when that was noticed
 * @param untracked processes, threads or sockets that could not be followed at all, since the kernel had no memory for their tag
 * @param truncated execs whose arguments or environment exceed the limit, or could not be read at once
 * @param listenerEvents events that a {@link TraceListener} was too slow to take
 */
public record Loss(Map<String, Long> recordsByType, long untracked, long truncated, long listenerEvents) {
    /** Nothing lost. */
    public static final Loss NONE = new Loss(Map.of(), 0, 0, 0);

    /** Copies the map. */
    public Loss {
        recordsByType = java.util.Collections.unmodifiableMap(new TreeMap<>(recordsByType));
    }

    /** How many kernel records were lost. */
    public long records() {
        return recordsByType.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Whether nothing was lost; truncated arguments are no loss of a record, and are marked at their span. */
    public boolean none() {
        return recordsByType.isEmpty() && untracked == 0 && listenerEvents == 0;
    }

    /** What was lost, in words; empty for nothing. */
    public List<String> describe() {
        List<String> parts = new ArrayList<>();
        if (records() > 0) {
            parts.add(Human.count(records(), "kernel record", "kernel records") + " (" + byType() + ")");
        }
        if (untracked > 0) {
            parts.add(Human.count(
                    untracked, "process or socket that had no tag", "processes or sockets that had no tag"));
        }
        if (listenerEvents > 0) {
            parts.add(Human.count(listenerEvents, "event of a slow listener", "events of slow listeners"));
        }
        return parts;
    }

    private String byType() {
        return recordsByType.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> Printable.escape(entry.getKey()) + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    }
}
