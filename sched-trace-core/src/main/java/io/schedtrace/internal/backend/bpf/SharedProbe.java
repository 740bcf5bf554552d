package io.schedtrace.internal.backend.bpf;

import io.schedtrace.bpf.KernelProbe;
import io.schedtrace.bpf.RingReader;
import io.schedtrace.bpf.SessionTable;
import io.schedtrace.internal.decode.MalformedRecordException;
import io.schedtrace.internal.decode.RecordDecoder;
import io.schedtrace.internal.record.KernelRecord;
import io.schedtrace.internal.session.Session;
import io.schedtrace.model.TracingUnavailableException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The one loaded probe of this JVM, with the thread that reads it. It is loaded for the first session and stays: loading
 * takes some 40 ms, and an attached program that finds no tag costs nothing to speak of.
 *
 * <p>The thread looks at the ring every few milliseconds while a session is open, or when the kernel side wakes it.
 * Whoever needs to know that all is there up to now drains the ring by itself ({@link #drain()}).
 */
public final class SharedProbe implements Runnable {
    public static final int ANY_SIZE = 0;
    public static final int DEFAULT_SIZE = 8 << 20;

    private static final System.Logger LOG = System.getLogger("io.schedtrace");
    private static final int SHORTEST_WAIT_MILLIS = 4;
    private static final int LONGEST_WAIT_MILLIS = 32;
    private static final long DRAIN_ALL = Long.MAX_VALUE / 2;

    private static @Nullable SharedProbe current;

    private final KernelProbe probe;
    private final NameWatch names;
    private final Map<Long, Session> sessions = new ConcurrentHashMap<>();
    private final Object draining = new Object();
    private final RecordDecoder decoder = new RecordDecoder();
    private final Object leaving = new Object();
    private final Thread reader;
    private volatile boolean closed;
    private long malformed;

    private SharedProbe(KernelProbe probe) {
        this.probe = probe;
        this.names = new NameWatch(probe);
        this.reader = new Thread(this, "sched-trace-reader");
        reader.setDaemon(true);
    }

    /**
     * The probe with a ring of that size.
     *
     * @param ringBytes a size; {@link #ANY_SIZE} takes the one in use, else the default
     * @throws TracingUnavailableException if it cannot be loaded
     * @throws IllegalStateException if one of another size is in use
     */
    public static synchronized SharedProbe get(int ringBytes) {
        SharedProbe shared = current;
        boolean inUse = shared != null && !shared.sessions.isEmpty();
        int wanted = ringBytes == ANY_SIZE && !inUse ? DEFAULT_SIZE : ringBytes;
        if (shared != null
                && wanted != ANY_SIZE
                && wanted != shared.probe.ring().size()) {
            shared.unload(wanted);
            shared = null;
        }
        if (shared == null) {
            shared = started(ProbeLoader.load(wanted));
            current = shared;
        }
        return shared;
    }

    /** With its thread running; where there can be no thread, nothing stays in the kernel. */
    private static SharedProbe started(KernelProbe probe) {
        SharedProbe shared = new SharedProbe(probe);
        boolean started = false;
        try {
            shared.reader.start();
            started = true;
            return shared;
        } finally {
            if (!started) {
                probe.close();
            }
        }
    }

    private void unload(int wanted) {
        if (!sessions.isEmpty()) {
            throw new IllegalStateException("a ring of " + wanted + " bytes is asked for, but tracers with one of "
                    + probe.ring().size()
                    + " bytes are open; all tracers of a JVM share one ring, so close those first");
        }
        synchronized (leaving) {
            closed = true;
        }
        current = null;
        probe.wake();
        boolean interrupted = false;
        while (reader.isAlive()) {
            try {
                reader.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        names.close();
        probe.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Opens a session in a probe of that size; {@code maker} makes it from the probe and the session's number. */
    public static synchronized Session open(int ringBytes, long settings, SessionMaker maker) {
        SharedProbe shared = get(ringBytes);
        long id = shared.probe.sessions().open(settings);
        boolean made = false;
        try {
            shared.names.begin();
            Session session = maker.make(shared, id);
            shared.sessions.put(id, session);
            shared.probe.wake();
            made = true;
            return session;
        } finally {
            if (!made) {
                shared.close(id);
            }
        }
    }

    /** Makes a session. */
    public interface SessionMaker {
        Session make(SharedProbe probe, long id);
    }

    public void close(long id) {
        synchronized (SharedProbe.class) {
            probe.sessions().close(id);
            sessions.remove(id);
            names.end();
        }
    }

    /** Takes the tag off the calling thread, if there is a probe. */
    public static synchronized void leaveCurrent() {
        if (current != null) {
            current.leaveScope();
        }
    }

    /** Takes the tag off the calling thread; that of an unloaded probe has gone with it. */
    public void leaveScope() {
        synchronized (leaving) {
            if (!closed) {
                probe.scope(0, KernelProbe.SCOPE_LEAVE, 0);
            }
        }
    }

    public SessionTable table() {
        return probe.sessions();
    }

    public KernelProbe kernel() {
        return probe;
    }

    /** Brings every record that was made before this call to its session. Any thread. */
    public void drain() {
        RingReader ring = probe.ring();
        long target = ring.producerPosition();
        while (true) {
            synchronized (draining) {
                ring.drain(this::accept, DRAIN_ALL);
                if (ring.consumerPosition() >= target) {
                    return;
                }
            }
            Thread.onSpinWait();
        }
    }

    /** Keeps the ring from being read while {@code action} runs, so that a test can fill it. */
    public <T> T whileNobodyDrains(Callable<T> action) throws Exception {
        synchronized (draining) {
            return action.call();
        }
    }

    private void accept(ByteBuffer ring, int offset, int length) {
        try {
            KernelRecord record = decoder.decode(ring, offset, length);
            Session session = sessions.get(record.header().session());
            if (session != null) {
                session.accept(record);
            }
        } catch (MalformedRecordException e) {
            if (malformed++ == 0) {
                LOG.log(Level.ERROR, "a kernel record was dropped, as are all that follow like it", e);
            }
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a kernel record was not understood; its span is not complete", e);
        }
    }

    /** Nothing ends the thread before the probe is closed, not even a want of memory: all sessions depend on it. */
    @Override
    public void run() {
        int wait = SHORTEST_WAIT_MILLIS;
        while (!closed) {
            try {
                probe.await(sessions.isEmpty() ? -1 : wait);
                wait = read() > 0 ? SHORTEST_WAIT_MILLIS : Math.min(2 * wait, LONGEST_WAIT_MILLIS);
            } catch (Throwable e) {
                complain(e);
            }
        }
    }

    /** How many bytes there were to read. */
    private long read() {
        if (closed) {
            return 0;
        }
        long bytes;
        synchronized (draining) {
            bytes = probe.ring().drain(this::accept, DRAIN_ALL);
        }
        sessions.values().forEach(Session::afterDrain);
        return bytes;
    }

    private static void complain(Throwable thrown) {
        try {
            LOG.log(Level.ERROR, "a kernel record may have been dropped; its span is not complete", thrown);
        } catch (Throwable e) {
            LOG.log(Level.ERROR, "a kernel record may have been dropped: no memory to say why");
        }
    }
}
