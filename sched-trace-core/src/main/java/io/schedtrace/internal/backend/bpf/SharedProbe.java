package io.schedtrace.internal.backend.bpf;

import io.schedtrace.bpf.KernelProbe;
import io.schedtrace.bpf.ProbeException;
import io.schedtrace.bpf.RecordLayout;
import io.schedtrace.bpf.RingReader;
import io.schedtrace.internal.backend.FeedOptions;
import io.schedtrace.internal.decode.MalformedRecordException;
import io.schedtrace.internal.decode.RecordDecoder;
import io.schedtrace.internal.record.TraceRecord;
import io.schedtrace.model.TracingUnavailableException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The one loaded probe of this JVM, with the feeds that share it and the thread that reads it. It is loaded for the first feed
 * and stays: loading takes some 40 ms, and an attached program that finds no tag costs next to nothing.
 */
final class SharedProbe {
    /** The size of the ring buffer in bytes if nobody asks for another. */
    static final int DEFAULT_SIZE = 8 << 20;

    private static final System.Logger LOG = System.getLogger("io.schedtrace");
    private static final long DRAIN_ALL = Long.MAX_VALUE / 2;

    private static @Nullable SharedProbe current;

    private final KernelProbe probe;
    private final NameWatch names;
    private final Map<Long, BpfFeed> feeds = new ConcurrentHashMap<>();
    private final Object draining = new Object();
    private final RecordDecoder decoder;
    private final Object untagging = new Object();
    private final ReaderThread reader;
    private boolean closed;
    private long malformed;

    private SharedProbe(KernelProbe probe) {
        this.probe = probe;
        this.names = new NameWatch(probe);
        this.decoder = new RecordDecoder(probe.pageSize());
        this.reader = new ReaderThread(this);
    }

    /**
     * The probe with a ring of that size.
     *
     * @param ringBytes a size; {@link FeedOptions#ANY_SIZE} takes the one in use, else the default
     * @throws TracingUnavailableException if it cannot be loaded
     * @throws IllegalStateException if one of another size is in use
     */
    static synchronized SharedProbe get(int ringBytes) {
        SharedProbe shared = current;
        boolean inUse = shared != null && !shared.feeds.isEmpty();
        int wanted = ringBytes == FeedOptions.ANY_SIZE && !inUse ? DEFAULT_SIZE : ringBytes;
        if (shared != null
                && wanted != FeedOptions.ANY_SIZE
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

    /** With its thread running. Where there can be no thread, nothing stays in the kernel. */
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
        if (!feeds.isEmpty()) {
            throw new IllegalStateException("a ring of " + wanted + " bytes is asked for, but tracers with one of "
                    + probe.ring().size()
                    + " bytes are open; all tracers of a JVM share one ring, so close those first");
        }
        synchronized (untagging) {
            closed = true;
        }
        current = null;
        reader.end();
        names.close();
        probe.close();
    }

    /** Opens a feed in a probe of the wanted size. */
    static synchronized BpfFeed open(FeedOptions options) {
        SharedProbe shared = get(options.ringBytes());
        long settings = RecordLayout.Setting.WANT_ENVIRONMENT
                | (options.dns() ? RecordLayout.Setting.WANT_DNS : 0)
                | (options.getaddrinfo() ? RecordLayout.Setting.WANT_GETADDRINFO : 0);
        BpfFeed feed = new BpfFeed(shared, shared.probe.sessions().open(settings));
        boolean opened = false;
        try {
            shared.names.begin();
            shared.feeds.put(feed.id(), feed);
            opened = true;
            return feed;
        } finally {
            if (!opened) {
                shared.close(feed);
            }
        }
    }

    void close(BpfFeed feed) {
        synchronized (SharedProbe.class) {
            probe.sessions().close(feed.id());
            feeds.remove(feed.id());
            names.end();
            if (feeds.isEmpty()) {
                wipe();
            }
        }
    }

    /** Overwrites the ring, which still holds the environments of the last processes. */
    private void wipe() {
        synchronized (draining) {
            try {
                probe.wipe(this::accept);
            } catch (ProbeException e) {
                LOG.log(Level.WARNING, "the environments of traced processes stay in memory", e);
            }
        }
    }

    /** Takes the tag off the calling thread, if there is a probe. */
    static synchronized void untagCurrentThread() {
        if (current != null) {
            current.untag();
        }
    }

    /** Takes the tag off the calling thread. The tags of an unloaded probe have gone with it. */
    void untag() {
        synchronized (untagging) {
            if (!closed) {
                probe.untag();
            }
        }
    }

    /** What is loaded in the kernel. Not to be used once the last feed is closed. */
    KernelProbe kernel() {
        return probe;
    }

    void wakeReader() {
        probe.wake();
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
                ring.drain(this::accept, DRAIN_ALL);
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
            return probe.ring().drain(this::accept, DRAIN_ALL);
        }
    }

    /** Keeps the ring from being read while {@code action} runs, so that a test can fill it. */
    <T> T whileNobodyDrains(Callable<T> action) throws Exception {
        synchronized (draining) {
            return action.call();
        }
    }

    private void accept(ByteBuffer ring, int offset, int length) {
        try {
            TraceRecord record = decoder.decode(ring, offset, length);
            BpfFeed feed = feeds.get(record.header().session());
            if (feed != null) {
                feed.accept(record);
            }
        } catch (MalformedRecordException e) {
            if (malformed++ == 0) {
                LOG.log(Level.ERROR, "a kernel record was dropped, as are all that follow like it", e);
            }
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a kernel record was not understood; its span is not complete", e);
        }
    }
}
