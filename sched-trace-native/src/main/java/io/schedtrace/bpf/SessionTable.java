package io.schedtrace.bpf;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;

/**
 * The sessions that the BPF programs know, in the array that they share ({@code struct st_session} in record.h). A
 * session's slot is its id modulo the size of the array; ids are never reused. Any thread may call all methods.
 */
public final class SessionTable {
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final ByteBuffer sessions;
    private final BitSet used = new BitSet(RecordLayout.Limit.SESSIONS);
    private long lastId;
    /** A session that is open already and is the next to be asked for; 0 for none. */
    private long adopted;

    SessionTable(ByteBuffer sessions) {
        this.sessions = sessions;
    }

    /**
     * Opens a session with all counters at zero.
     *
     * @param settings constants of {@link RecordLayout.Setting}, combined with {@code |}
     * @return its id
     * @throws IllegalStateException if {@link RecordLayout.Limit#SESSIONS} are open
     */
    public synchronized long open(long settings) {
        return open(settings, false);
    }

    /** Takes over a session that the launcher has opened. */
    synchronized void adopt(long id) {
        used.set(slot(id));
        adopted = id;
    }

    /**
     * Opens a muted session: nothing of its threads is recorded, and until it is closed they do not fall back to the
     * session of their JVM ({@link KernelProbe#tagJvm}).
     *
     * @return its id, which is negative
     * @throws IllegalStateException if {@link RecordLayout.Limit#SESSIONS} are open
     */
    public synchronized long openMuted() {
        return open(0, true);
    }

    private long open(long settings, boolean muted) {
        if (adopted != 0 && !muted) {
            long id = adopted;
            adopted = 0;
            return id;
        }
        if (used.cardinality() == RecordLayout.Limit.SESSIONS) {
            throw new IllegalStateException(
                    RecordLayout.Limit.SESSIONS + " tracing sessions are open; close some of them first");
        }
        do {
            lastId++;
        } while (used.get(slot(lastId)));
        long id = muted ? lastId | Long.MIN_VALUE : lastId;
        used.set(slot(id));
        int at = at(id);
        for (int i = 0; i < RecordLayout.Session.SIZEOF; i += Long.BYTES) {
            LONG.setOpaque(sessions, at + i, 0L);
        }
        LONG.setOpaque(sessions, at + RecordLayout.Session.SETTINGS, settings);
        LONG.setRelease(sessions, at + RecordLayout.Session.ID, id);
        return id;
    }

    /** Ends a session whose counters are still needed: the BPF programs record nothing more of it. */
    public synchronized void end(long id) {
        LONG.setRelease(sessions, at(id) + RecordLayout.Session.ID, 0L);
    }

    /** Closes a session. The BPF programs then record nothing more of its processes and sockets. */
    public synchronized void close(long id) {
        end(id);
        used.clear(slot(id));
    }

    /** The settings of all open sessions together. */
    public synchronized long settings() {
        long settings = 0;
        for (int slot = used.nextSetBit(0); slot >= 0; slot = used.nextSetBit(slot + 1)) {
            settings |= counter(slot, RecordLayout.Session.SETTINGS);
        }
        return settings;
    }

    /** How many sessions are open. */
    public synchronized int count() {
        return used.cardinality();
    }

    /** How many records were made, including lost ones. */
    public long made(long id) {
        return counter(id, RecordLayout.Session.MADE);
    }

    /** How many processes of the session are alive. */
    public long processes(long id) {
        return counter(id, RecordLayout.Session.PROCESSES);
    }

    /** How many connections of the session are open. */
    public long connections(long id) {
        return counter(id, RecordLayout.Session.CONNECTIONS);
    }

    /** How many sockets listen that processes of the session have opened, not threads of this JVM. */
    public long listeners(long id) {
        return counter(id, RecordLayout.Session.LISTENERS);
    }

    /** How many processes, threads and sockets could not be followed because the kernel had no memory. */
    public long untracked(long id) {
        return counter(id, RecordLayout.Session.UNTRACKED);
    }

    /** How many execs have arguments or an environment that are truncated or could not be read. */
    public long truncated(long id) {
        return counter(id, RecordLayout.Session.TRUNCATED);
    }

    /** How many records of that type were lost because the ring was full. */
    public long lost(long id, int type) {
        return counter(id, RecordLayout.Session.LOST + type * Long.BYTES);
    }

    private long counter(long id, int offset) {
        return (long) LONG.getAcquire(sessions, at(id) + offset);
    }

    private static int slot(long id) {
        return (int) (id & (RecordLayout.Limit.SESSIONS - 1));
    }

    private static int at(long id) {
        return slot(id) * RecordLayout.Session.SIZEOF;
    }
}
