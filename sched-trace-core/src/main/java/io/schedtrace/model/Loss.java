package io.schedtrace.model;

import io.schedtrace.internal.text.Human;
import io.schedtrace.internal.text.Printable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is missing from a trace, by exact counts: what happened is the records received plus {@link #records()}.
 *
 * <p>Immutable and safe for use by any thread. Tests can build one:
 *
 * <pre>{@code
 * Loss.builder().recordsByType(Map.of("process_end", 2L)).build()
 * }</pre>
 */
public final class Loss {
    /** Nothing lost. */
    public static final Loss NONE = builder().build();

    private final Properties fields;

    private Loss(Properties fields) {
        this.fields = fields;
    }

    /** Returns a builder; every count is 0 by default. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * How many records found no room in the ring buffer, by their type ({@code process_start}, {@code process_exec},
     * {@code exec_data}, {@code process_end}, {@code connection_open}, {@code listen_start}, ...); only types with
     * losses, in alphabetic order.
     *
     * <p>A {@code connection_end}, {@code listen_end}, {@code process_end} or {@code process_exec} also counts as lost
     * if the kernel did not run the BPF program for it, and the socket, process or program was gone when that was
     * noticed.
     */
    public Map<String, Long> recordsByType() {
        return fields.recordsByType;
    }

    /** How many processes, threads and sockets could not be followed, since the kernel had no memory for their tag. */
    public long untracked() {
        return fields.untracked;
    }

    /** How many execs have arguments or an environment that exceed the limit, or could not be read at the exec. */
    public long truncated() {
        return fields.truncated;
    }

    /** How many events a {@link TraceListener} was too slow to take. */
    public long listenerEvents() {
        return fields.listenerEvents;
    }

    /**
     * Why the end of the trace is missing, for example {@code the daemon has stopped} or, for one that {@link
     * io.schedtrace.export.TraceFile} has read, {@code line 17 is cut off}; null if it is not missing.
     */
    public @Nullable String cut() {
        return fields.cut;
    }

    /** How many kernel records were lost: the sum of {@link #recordsByType()}. */
    public long records() {
        return recordsByType().values().stream().mapToLong(Long::longValue).sum();
    }

    /** Whether nothing was lost. Truncated arguments are no loss of a record; their span is marked. */
    public boolean none() {
        return recordsByType().isEmpty() && untracked() == 0 && listenerEvents() == 0 && cut() == null;
    }

    /** What was lost, in words; empty for nothing. */
    public List<String> describe() {
        List<String> parts = new ArrayList<>();
        if (records() > 0) {
            parts.add(Human.count(records(), "kernel record", "kernel records") + " (" + byType() + ")");
        }
        if (untracked() > 0) {
            parts.add(Human.count(
                    untracked(), "process or socket that had no tag", "processes or sockets that had no tag"));
        }
        if (listenerEvents() > 0) {
            parts.add(Human.count(listenerEvents(), "event of a slow listener", "events of slow listeners"));
        }
        if (fields.cut != null) {
            parts.add("the end of the trace (" + Printable.escape(fields.cut) + ")");
        }
        return parts;
    }

    private String byType() {
        return recordsByType().entrySet().stream()
                .map(entry -> Printable.escape(entry.getKey()) + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Loss loss && fields.equals(loss.fields);
    }

    @Override
    public int hashCode() {
        return fields.hashCode();
    }

    /** For people: control characters are escaped. */
    @Override
    public String toString() {
        return Printable.escape("Loss[recordsByType=" + recordsByType() + ", untracked=" + untracked() + ", truncated="
                + truncated() + ", listenerEvents=" + listenerEvents() + ", cut=" + cut() + "]");
    }

    /** The properties. */
    static final class Properties extends Fields {
        private Map<String, Long> recordsByType = Map.of();
        private long untracked;
        private long truncated;
        private long listenerEvents;
        private @Nullable String cut;

        @Override
        List<@Nullable Object> values() {
            return Arrays.asList(recordsByType, untracked, truncated, listenerEvents, cut);
        }
    }

    /** Builds a loss. Not safe for use by several threads. */
    public static final class Builder extends FieldsBuilder<Properties> {
        private Builder() {
            super(new Properties());
        }

        public Builder recordsByType(Map<String, Long> value) {
            edit().recordsByType = Collections.unmodifiableMap(new TreeMap<>(value));
            return this;
        }

        public Builder untracked(long value) {
            edit().untracked = value;
            return this;
        }

        public Builder truncated(long value) {
            edit().truncated = value;
            return this;
        }

        public Builder listenerEvents(long value) {
            edit().listenerEvents = value;
            return this;
        }

        /** Sets why the end of a saved trace is missing; null, the default, if it is not. */
        public Builder cut(@Nullable String value) {
            edit().cut = value;
            return this;
        }

        /** Returns the loss. */
        public Loss build() {
            return new Loss(give());
        }
    }
}
