package io.schedtrace.model;

import java.security.SecureRandom;

/**
 * A trace id of W3C Trace Context and OpenTelemetry: 128 bits, never all zero, written as 32 lower-case hexadecimal
 * digits.
 *
 * @param high the upper 64 bits
 * @param low the lower 64 bits
 * @see <a href="https://www.w3.org/TR/trace-context/#trace-id">W3C Trace Context, trace-id</a>
 */
public record TraceId(long high, long low) {
    static final int DIGITS = 32;

    /**
     * Checks the bits.
     *
     * @throws IllegalArgumentException if all are zero
     */
    public TraceId {
        if (high == 0 && low == 0) {
            throw new IllegalArgumentException("a trace id must not be all zeros");
        }
    }

    /** A new random id. */
    public static TraceId random() {
        SecureRandom random = RandomIds.RANDOM;
        long high = random.nextLong();
        long low = random.nextLong();
        return high == 0 && low == 0 ? random() : new TraceId(high, low);
    }

    /**
     * Reads the 32 hexadecimal digits of {@link #toString()}.
     *
     * @throws IllegalArgumentException if {@code hex} is anything else; the message says what is wrong with it
     */
    public static TraceId parse(String hex) {
        RandomIds.requireHex("trace id", hex, DIGITS);
        return new TraceId(
                Long.parseUnsignedLong(hex, 0, SpanId.DIGITS, 16),
                Long.parseUnsignedLong(hex, SpanId.DIGITS, DIGITS, 16));
    }

    /** The id as 32 lower-case hexadecimal digits. */
    @Override
    public String toString() {
        return SpanId.hex(high) + SpanId.hex(low);
    }
}
