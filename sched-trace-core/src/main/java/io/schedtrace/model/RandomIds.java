package io.schedtrace.model;

import java.security.SecureRandom;

/** What {@link TraceId} and {@link SpanId} share. */
final class RandomIds {
    static final SecureRandom RANDOM = new SecureRandom();

    private RandomIds() {}

    static void requireHex(String what, String text, int digits) {
        if (text.length() != digits) {
            throw new IllegalArgumentException(
                    "a " + what + " has " + digits + " hexadecimal digits, not " + text.length() + ": \"" + text + '"');
        }
        for (int i = 0; i < digits; i++) {
            if ("0123456789abcdef".indexOf(text.charAt(i)) < 0) {
                throw new IllegalArgumentException("a " + what + " has only the digits 0-9 and a-f: \"" + text + '"');
            }
        }
    }
}
