package io.schedtrace.internal.decode;

import java.nio.ByteBuffer;
import java.util.function.Function;

/**
 * What has been read lately, by its bytes: names of programs come again and again, and are the same object then. Of those
 * that fall to one place the last is kept. Not for several threads at once.
 *
 * @param <T> what the bytes are read as
 */
final class Recent<T> {
    private static final int PLACES = 64;

    private final Function<byte[], T> reader;
    private final Entry<?>[] entries = new Entry<?>[PLACES];

    private record Entry<T>(ByteBuffer bytes, T value) {}

    Recent(Function<byte[], T> reader) {
        this.reader = reader;
    }

    /** What the reader makes, or has made, of these bytes. */
    T read(ByteBuffer ring, int at, int length) {
        int place = place(ring, at, length);
        @SuppressWarnings("unchecked") // only this method sets them
        Entry<T> known = (Entry<T>) entries[place];
        if (known != null && known.bytes.equals(ring.slice(at, length))) {
            return known.value;
        }
        byte[] bytes = new byte[length];
        ring.get(at, bytes);
        Entry<T> entry = new Entry<>(ByteBuffer.wrap(bytes), reader.apply(bytes));
        entries[place] = entry;
        return entry.value;
    }

    /** Fibonacci hashing. */
    private static int place(ByteBuffer ring, int at, int length) {
        long hash = length;
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            hash = (Long.rotateLeft(hash, 5) ^ ring.getLong(at + i)) * 0x9e3779b97f4a7c15L;
        }
        for (; i < length; i++) {
            hash = (Long.rotateLeft(hash, 5) ^ ring.get(at + i)) * 0x9e3779b97f4a7c15L;
        }
        return (int) (hash >>> (Long.SIZE - Integer.numberOfTrailingZeros(PLACES)));
    }
}
