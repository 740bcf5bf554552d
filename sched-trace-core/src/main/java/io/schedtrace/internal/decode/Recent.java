package io.schedtrace.internal.decode;

import java.nio.ByteBuffer;
import java.util.function.Function;

/**
 * The values that were read last, by their bytes: names of programs and addresses repeat, and are one object then. The cache
 * has a fixed number of places, and a new value replaces the one in its place. Not safe for use by several threads.
 *
 * @param <T> the type of the values
 */
final class Recent<T> {
    private static final int PLACES = 64;

    private final Function<byte[], T> reader;
    private final Entry<?>[] entries = new Entry<?>[PLACES];

    private record Entry<T>(ByteBuffer bytes, T value) {}

    Recent(Function<byte[], T> reader) {
        this.reader = reader;
    }

    /** Returns the value of the bytes at {@code at}. */
    T read(ByteBuffer ring, int at, int length) {
        int place = place(ring, at, length);
        @SuppressWarnings("unchecked") // only this method sets them
        Entry<T> known = (Entry<T>) entries[place];
        if (known != null && holds(known.bytes, ring, at, length)) {
            return known.value;
        }
        byte[] bytes = new byte[length];
        ring.get(at, bytes);
        Entry<T> entry = new Entry<>(ByteBuffer.wrap(bytes).order(ring.order()), reader.apply(bytes));
        entries[place] = entry;
        return entry.value;
    }

    /** Whether the bytes at {@code at} are {@code known}. A slice of the ring to compare would be an object for each record. */
    private static boolean holds(ByteBuffer known, ByteBuffer ring, int at, int length) {
        if (known.capacity() != length) {
            return false;
        }
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            if (known.getLong(i) != ring.getLong(at + i)) {
                return false;
            }
        }
        for (; i < length; i++) {
            if (known.get(i) != ring.get(at + i)) {
                return false;
            }
        }
        return true;
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
