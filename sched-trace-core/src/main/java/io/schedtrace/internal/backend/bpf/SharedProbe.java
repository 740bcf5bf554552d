package io.schedtrace.internal.backend.bpf;

import io.schedtrace.bpf.KernelProbe;
import io.schedtrace.bpf.ProbeException;
import io.schedtrace.bpf.RecordLayout;
import io.schedtrace.bpf.RingReader;
import io.schedtrace.internal.backend.FeedOptions;
import io.schedtrace.model.Availability.Reason;
import io.schedtrace.model.TracingUnavailableException;
import io.schedtrace.model.Via;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one loaded probe of this JVM, with the feeds that share it and the thread that reads it. It is loaded for the
 * first feed and unloaded when there has been no feed for some seconds. Loading takes some 40 ms, and an attached
 * program that finds no tag costs next to nothing, so that the feeds of a test suite share one.
 */
final class SharedProbe {
    /** The size of the ring buffer in bytes if nobody asks for another. */
    static final int DEFAULT_SIZE = 8 << 20;

    private static final System.Logger LOG = System.getLogger("io.schedtrace");
    private static final long FORGOTTEN_NANOS = 2_000_000_000;
    private static final long DRAIN_ALL = Long.MAX_VALUE / 2;

    /**
     * Guards which probe is loaded and which feeds it has. Whoever unloads a probe waits for its reader, so that the
     * reader itself only tries to get it.
     */
    private static final ReentrantLock LOCK = new ReentrantLock();

    private static final Condition FEED_CLOSED = LOCK.newCondition();

    private static volatile @Nullable SharedProbe current;

    private final ProbeSource source;
    private final KernelProbe probe;
    private final NameWatch names;
    private final Map<Long, BpfFeed> feeds = new ConcurrentHashMap<>();

    private final RecordDelivery delivery;
    private final ThreadTags tags;
    private final Object draining = new Object();
    private final ReaderThread reader;

    private SharedProbe(ProbeSource source, KernelProbe probe) {
        this.source = source;
        this.probe = probe;
        this.names = new NameWatch(probe);
        this.delivery = new RecordDelivery(probe.pageSize());
        this.tags = new ThreadTags(probe);
        this.reader = new ReaderThread(this);
    }

    /**
     * The probe with a ring of that size.
     *
     * @param source loads it
     * @param ringBytes a size; {@link FeedOptions#ANY_SIZE} takes the one in use, else the default
     * @throws TracingUnavailableException if it cannot be loaded, or one of another source is in use
     * @throws IllegalStateException if one of another size is in use
     */
    static SharedProbe get(ProbeSource source, int ringBytes) {
        return locked(() -> loadedWith(source, ringBytes));
    }

    private static <T> T locked(Supplier<T> action) {
        LOCK.lock();
        try {
            return action.get();
        } finally {
            LOCK.unlock();
        }
    }

    private static SharedProbe loadedWith(ProbeSource source, int ringBytes) {
        SharedProbe shared = usable();
        if (shared != null && !shared.source.equals(source)) {
            return shared.replacedBy(source, ringBytes);
        }
        boolean inUse = shared != null && !shared.feeds.isEmpty();
        int wanted = ringBytes == FeedOptions.ANY_SIZE && !inUse ? DEFAULT_SIZE : ringBytes;
        if (shared != null
                && wanted != FeedOptions.ANY_SIZE
                && wanted != shared.probe.ring().size()) {
            shared.unload(wanted);
            shared = null;
        }
        if (shared == null) {
            shared = started(source, source.loader().apply(wanted));
            current = shared;
        }
        return shared;
    }

    /**
     * The probe that is loaded. One whose daemon has stopped is left to its feeds; its reader unloads it after the last
     * one.
     */
    private static @Nullable SharedProbe usable() {
        SharedProbe shared = current;
        if (shared != null && shared.probe.isLost()) {
            current = null;
            shared.reader.wake();
        }
        return current;
    }

    /** With its thread running. Where there can be no thread, nothing stays in the kernel. */
    private static SharedProbe started(ProbeSource source, KernelProbe probe) {
        SharedProbe shared = new SharedProbe(source, probe);
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

    /** The probe of another source instead of this one, which stays if that cannot be loaded. */
    private SharedProbe replacedBy(ProbeSource wanted, int ringBytes) {
        if (!feeds.isEmpty()) {
            throw new TracingUnavailableException(
                    Reason.REFUSED,
                    "tracers of the kind Via." + source.via() + " are open in this JVM; close them before the first of"
                            + " the kind Via." + wanted.via());
        }
        KernelProbe loaded = wanted.loader().apply(ringBytes == FeedOptions.ANY_SIZE ? DEFAULT_SIZE : ringBytes);
        unload();
        SharedProbe shared = started(wanted, loaded);
        current = shared;
        return shared;
    }

    private void unload(int wanted) {
        if (!feeds.isEmpty()) {
            throw new IllegalStateException("a ring of " + wanted + " bytes is asked for, but tracers with one of "
                    + probe.ring().size()
                    + " bytes are open; all tracers of a JVM share one ring, so close those first");
        }
        unload();
    }

    private void unload() {
        tags.end();
        if (current == this) {
            current = null;
        }
        reader.end();
        names.close();
        probe.close();
    }

    /** Called by the reader when there has been no feed for a while; returns whether the probe has gone. */
    boolean unloadIfIdle() {
        return ifIdle(this::unload);
    }

    /**
     * Overwrites the ring, which still holds the environments of the last processes. That takes milliseconds, so that
     * the reader does it once there has been no feed for a moment.
     */
    boolean wipeIfIdle() {
        return ifIdle(this::wipe);
    }

    /** Runs {@code action} if there is no feed and nobody is opening one; returns whether it has run. */
    private boolean ifIdle(Runnable action) {
        if (!LOCK.tryLock()) {
            return false;
        }
        try {
            boolean idle = feeds.isEmpty() && (current == this || probe.isLost());
            if (idle) {
                action.run();
            }
            return idle;
        } finally {
            LOCK.unlock();
        }
    }

    /** Opens a feed in a probe of the wanted size. */
    static BpfFeed open(ProbeSource source, FeedOptions options) {
        return locked(() -> opened(source, options));
    }

    private static BpfFeed opened(ProbeSource source, FeedOptions options) {
        SharedProbe shared = loadedWith(source, options.ringBytes());
        long settings = RecordLayout.Setting.WANT_ENVIRONMENT
                | (options.dns() ? RecordLayout.Setting.WANT_DNS : 0)
                | (options.getaddrinfo() ? RecordLayout.Setting.WANT_GETADDRINFO : 0);
        awaitFreeSlot(shared);
        BpfFeed feed = new BpfFeed(shared, shared.probe.sessions().open(settings));
        boolean opened = false;
        try {
            shared.names.begin();
            shared.delivery.add(feed);
            shared.feeds.put(feed.id(), feed);
            if (shared.feeds.size() == 1) {
                shared.reader.wake(); // with other feeds it looks at the ring every few milliseconds
            }
            opened = true;
            return feed;
        } finally {
            if (!opened) {
                shared.close(feed);
            }
        }
    }

    /** With all slots taken, has tracers closed that were forgotten, as the garbage collector finds them. */
    private static void awaitFreeSlot(SharedProbe shared) {
        if (shared.probe.sessions().count() < RecordLayout.Limit.SESSIONS) {
            return;
        }
        System.gc();
        long deadline = System.nanoTime() + FORGOTTEN_NANOS;
        boolean interrupted = false;
        while (shared.probe.sessions().count() == RecordLayout.Limit.SESSIONS && System.nanoTime() < deadline) {
            try {
                FEED_CLOSED.await(10, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    void close(BpfFeed feed) {
        locked(() -> removed(feed));
    }

    private BpfFeed removed(BpfFeed feed) {
        probe.sessions().close(feed.id());
        delivery.remove(feed);
        feeds.remove(feed.id());
        names.end();
        FEED_CLOSED.signalAll();
        return feed;
    }

    private void wipe() {
        synchronized (draining) {
            try {
                probe.wipe(delivery::accept);
            } catch (ProbeException e) {
                LOG.log(
                        probe.isLost() ? Level.DEBUG : Level.WARNING,
                        "the environments of traced processes stay in memory",
                        e);
            }
        }
    }

    /** The probe that is loaded; null if there is none. */
    static @Nullable SharedProbe loaded() {
        return current;
    }

    ThreadTags tags() {
        return tags;
    }

    /** Why no more records are made; null while they are. */
    @Nullable
    String cut() {
        return !probe.isLost()
                ? null
                : source.via() == Via.PTRACE ? "the process that traces was killed" : "the daemon has stopped";
    }

    /** The same for the log, with the remedy. */
    String lost() {
        String rest = ": this session records nothing more and is incomplete; ";
        return source.via() == Via.PTRACE
                ? "the process that traces for this JVM was killed" + rest + "open a new tracer"
                : "the daemon of sched-trace has stopped" + rest + "start the daemon again, and open a new tracer";
    }

    ProbeSource source() {
        return source;
    }

    /** What is loaded in the kernel. Not to be used once the last feed is closed. */
    KernelProbe kernel() {
        return probe;
    }

    ReaderThread reader() {
        return reader;
    }

    Collection<BpfFeed> feeds() {
        return feeds.values();
    }

    /** Delivers every record that was made before this call. Any thread. */
    void drain() {
        RingReader ring = probe.ring();
        long target = ring.producerPosition();
        while (true) {
            synchronized (draining) {
                ring.drain(delivery::accept, DRAIN_ALL);
                if (ring.consumerPosition() >= target) {
                    return;
                }
            }
            Thread.onSpinWait();
        }
    }

    /** Delivers what is there, and returns how many bytes that was. */
    long read() {
        synchronized (draining) {
            return probe.ring().drain(delivery::accept, DRAIN_ALL);
        }
    }

    /** Keeps the ring from being read while {@code action} runs, so that a test can fill it. */
    <T> T whileNobodyDrains(Callable<T> action) throws Exception {
        synchronized (draining) {
            return action.call();
        }
    }
}
