package io.schedtrace.internal.backend.bpf;

import io.schedtrace.bpf.RecordLayout;
import io.schedtrace.internal.decode.MalformedRecordException;
import io.schedtrace.internal.decode.RecordDecoder;
import io.schedtrace.internal.record.TraceRecord;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Decodes the records of the ring and hands each to its feed. One thread at a time delivers; feeds come and go at any time. */
final class RecordDelivery {
    private static final System.Logger LOG = System.getLogger("io.schedtrace");

    private final RecordDecoder decoder;

    /** The feeds by their slots in the session table, so that finding one takes no memory. */
    private final AtomicReferenceArray<BpfFeed> slots = new AtomicReferenceArray<>(RecordLayout.Limit.SESSIONS);

    private long malformed;

    RecordDelivery(int pageSize) {
        this.decoder = new RecordDecoder(pageSize);
    }

    void add(BpfFeed feed) {
        slots.set(slot(feed.id()), feed);
    }

    void remove(BpfFeed feed) {
        slots.compareAndSet(slot(feed.id()), feed, null);
    }

    private static int slot(long session) {
        return (int) (session & (RecordLayout.Limit.SESSIONS - 1));
    }

    /** Takes the record at {@code offset}. One that fails for whatever reason counts as lost. */
    void accept(ByteBuffer ring, int offset, int length) {
        try {
            TraceRecord record = decoder.decode(ring, offset, length);
            BpfFeed feed = feed(record.header().session());
            if (feed != null) {
                feed.accept(record);
            }
        } catch (MalformedRecordException e) {
            countDropped(ring, offset, length);
            if (malformed++ == 0) {
                LOG.log(Level.ERROR, "a kernel record was dropped, as are all that follow like it", e);
            }
        } catch (Throwable e) {
            countDropped(ring, offset, length);
            ReaderThread.complain(e);
        }
    }

    private @Nullable BpfFeed feed(long session) {
        BpfFeed feed = slots.get(slot(session));
        return feed != null && feed.id() == session ? feed : null;
    }

    /** Counts a record that could not be taken as lost. Takes no memory. */
    private void countDropped(ByteBuffer ring, int offset, int length) {
        if (length >= RecordLayout.Header.SIZEOF) {
            BpfFeed feed = feed(ring.getLong(offset + RecordLayout.Header.SESSION));
            if (feed != null) {
                feed.countDropped(ring.getShort(offset + RecordLayout.Header.TYPE));
            }
        }
    }
}
