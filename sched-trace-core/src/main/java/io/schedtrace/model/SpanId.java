package io.schedtrace.model;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A span id of W3C Trace Context and OpenTelemetry: 64 bits, never zero, written as 16 lower-case hexadecimal digits.
 *
 * @param value the 64 bits
 * @see <a href="https://www.w3.org/TR/trace-context/#parent-id">W3C Trace Context, parent-id</a>
 */
public record SpanId(long value) {
    static final int DIGITS = 16;

    /**
     * Checks the bits.
     *
     * @throws IllegalArgumentException if all are zero
     */
    public SpanId {
        if (value == 0) {
            throw new IllegalArgumentException("a span id must not be all zeros");
        }
    }

    /** A new random id. */
    public static SpanId random() {
        long value = ThreadLocalRandom.current().nextLong();
        return value == 0 ? random() : new SpanId(value);
    }

    /**
     * Reads the 16 hexadecimal digits of {@link #toString()}.
     *
     * @throws IllegalArgumentException if {@code hex} is anything else; the message says what is wrong with it
     */
    public static SpanId parse(String hex) {
        RandomIds.requireHex("span id", hex, DIGITS);
        return new SpanId(Long.parseUnsignedLong(hex, 16));
    }

    static String hex(long bits) {
        return HexFormat.of().toHexDigits(bits);
    }

    /** The id as 16 lower-case hexadecimal digits. */
    @Override
    public String toString() {
        return hex(value);
    }
}
