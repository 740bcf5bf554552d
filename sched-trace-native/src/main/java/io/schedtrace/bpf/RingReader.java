package io.schedtrace.bpf;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The consumer of a BPF ring buffer, over the memory that the kernel shares (kernel/bpf/ringbuf.c,
 * Documentation/bpf/ringbuf.rst).
 *
 * <pre>
 *   consumer page      producer page       data                       data again
 *   +--------------+   +--------------+    +---------------------+    +---- - -
 *   | position u64 |   | position u64 |    | record | record ... |    | record
 *   +--------------+   +--------------+    +---------------------+    +---- - -
 *
 *   record:  length u32 | BUSY | DISCARD    page offset u32    bytes, padded to 8
 * </pre>
 *
 * <p>Positions only grow; modulo the size they are offsets in the data. The data is mapped twice in a row, so that a
 * record never wraps. One thread drains at a time; any thread may read the positions.
 */
public final class RingReader {
    private static final int HEADER = 8;
    private static final int BUSY = 1 << 31;
    private static final int DISCARD = 1 << 30;
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private final ByteBuffer consumer;
    private final ByteBuffer producer;
    private final ByteBuffer data;
    private final int size;

    /**
     * @param consumer the consumer page
     * @param producer the producer page
     * @param data the data, twice in a row
     */
    public RingReader(ByteBuffer consumer, ByteBuffer producer, ByteBuffer data) {
        this.consumer = consumer;
        this.producer = producer;
        this.data = data.order(ByteOrder.nativeOrder());
        this.size = data.capacity() / 2;
        if (Integer.bitCount(size) != 1) {
            throw new IllegalArgumentException("a ring's size is a power of two, not " + size);
        }
    }

    /** The size of the ring in bytes. */
    public int size() {
        return size;
    }

    /** The end of the records that the kernel has reserved. */
    public long producerPosition() {
        return (long) LONG.getAcquire(producer, 0);
    }

    /** The end of the records that have been consumed. */
    public long consumerPosition() {
        return (long) LONG.getAcquire(consumer, 0);
    }

    /**
     * Consumes the available records in order, up to the first one that is still being written.
     *
     * @param bytes the number of bytes after which no further record is consumed
     * @return the number of bytes consumed
     */
    public long drain(RecordConsumer target, long bytes) {
        long start = consumerPosition();
        long end = Math.min(producerPosition(), start + bytes);
        long position = start;
        while (position < end) {
            int offset = (int) (position & (size - 1));
            int word = (int) INT.getAcquire(data, offset);
            if ((word & BUSY) != 0) {
                break;
            }
            int length = word & ~(BUSY | DISCARD);
            position += (HEADER + length + 7L) & ~7L;
            try {
                if ((word & DISCARD) == 0) {
                    target.accept(data, offset + HEADER, length);
                }
            } finally {
                LONG.setRelease(consumer, 0, position);
            }
        }
        return position - start;
    }
}
