package io.schedtrace.bpf;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;

/**
 * The sessions that the BPF program knows, over the array that it shares ({@code struct st_session} in record.h). A
 * session's slot is its id modulo the size; ids are never used again. All methods may be called from any thread.
 */
public final class SessionTable {
    /** Setting: exec records carry the environment. */
    public static final long WANT_ENVIRONMENT = 1;

    /** Setting: answers to DNS queries are recorded. */
    public static final long WANT_DNS = 1 << 1;

    /** Setting: results of getaddrinfo(3) are recorded. */
    public static final long WANT_GETADDRINFO = 1 << 2;

    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final ByteBuffer sessions;
    private final BitSet used = new BitSet(RecordLayout.MAX_SESSIONS);
    private long lastId;

    SessionTable(ByteBuffer sessions) {
        this.sessions = sessions;
    }

    /**
     * Opens a session with all counters at zero.
     *
     * @param settings the {@code WANT_} constants that apply, added up
     * @return its id
     * @throws IllegalStateException if {@link RecordLayout#MAX_SESSIONS} are open
     */
    public synchronized long open(long settings) {
        if (used.cardinality() == RecordLayout.MAX_SESSIONS) {
            throw new IllegalStateException(
                    RecordLayout.MAX_SESSIONS + " tracing sessions are open; close some of them first");
        }
        do {
            lastId++;
        } while (used.get(slot(lastId)));
        used.set(slot(lastId));
        int at = at(lastId);
        for (int i = 0; i < RecordLayout.SESSION_SIZE; i += Long.BYTES) {
            LONG.setOpaque(sessions, at + i, 0L);
        }
        LONG.setOpaque(sessions, at + RecordLayout.SESSION_SETTINGS, settings);
        LONG.setRelease(sessions, at + RecordLayout.SESSION_ID, lastId);
        return lastId;
    }

    /** Closes a session: from now on the BPF program knows nothing of its processes and sockets. */
    public synchronized void close(long id) {
        LONG.setRelease(sessions, at(id) + RecordLayout.SESSION_ID, 0L);
        used.clear(slot(id));
    }

    /** The settings of all open sessions together. */
    public synchronized long settings() {
        return used.stream()
                .mapToLong(slot -> counter(slot, RecordLayout.SESSION_SETTINGS))
                .reduce(0, (a, b) -> a | b);
    }

    /** How many sessions are open. */
    public synchronized int count() {
        return used.cardinality();
    }

    /** How many records were made, lost ones included. */
    public long made(long id) {
        return counter(id, RecordLayout.SESSION_MADE);
    }

    /** How many processes of the session are alive. */
    public long processes(long id) {
        return counter(id, RecordLayout.SESSION_PROCESSES);
    }

    /** How many connections of the session are open. */
    public long connections(long id) {
        return counter(id, RecordLayout.SESSION_CONNECTIONS);
    }

    /** How many processes, threads and sockets could not be followed, for want of kernel memory. */
    public long untracked(long id) {
        return counter(id, RecordLayout.SESSION_UNTRACKED);
    }

    /** How many execs have arguments or environment that are truncated or could not be read. */
    public long truncated(long id) {
        return counter(id, RecordLayout.SESSION_TRUNCATED);
    }

    /** How many records of that type found no room in the ring. */
    public long lost(long id, int type) {
        return counter(id, RecordLayout.SESSION_LOST + type * Long.BYTES);
    }

    private long counter(long id, int offset) {
        return (long) LONG.getAcquire(sessions, at(id) + offset);
    }

    private static int slot(long id) {
        return (int) (id & (RecordLayout.MAX_SESSIONS - 1));
    }

    private static int at(long id) {
        return slot(id) * RecordLayout.SESSION_SIZE;
    }
}
