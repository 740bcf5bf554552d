package io.schedtrace.internal.collect;

/** A set of numbers other than 0 that takes 16 to 32 bytes for each. Not safe for use by several threads. */
public final class LongSet {
    private static final int SMALLEST = 1024;

    private long[] table = new long[SMALLEST];
    private int size;

    /**
     * Adds a number; returns whether it was not there.
     *
     * @param number not 0
     */
    public boolean add(long number) {
        if (2 * (size + 1) > table.length) {
            grow();
        }
        boolean added = put(table, number);
        size += added ? 1 : 0;
        return added;
    }

    private void grow() {
        long[] larger = new long[Math.multiplyExact(table.length, 2)];
        for (long number : table) {
            if (number != 0) {
                put(larger, number);
            }
        }
        table = larger;
    }

    private static boolean put(long[] table, long number) {
        int at = Long.hashCode(number * 0x9e3779b97f4a7c15L) & (table.length - 1);
        while (table[at] != 0) {
            if (table[at] == number) {
                return false;
            }
            at = (at + 1) & (table.length - 1);
        }
        table[at] = number;
        return true;
    }
}
