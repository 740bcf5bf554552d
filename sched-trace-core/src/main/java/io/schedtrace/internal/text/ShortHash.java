package io.schedtrace.internal.text;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Tells texts apart that look alike once they are shortened or changed. */
public final class ShortHash {
    private static final int DIGITS = 8;

    private ShortHash() {}

    /** Returns eight hexadecimal digits, always the same for a text. */
    public static String of(String text) {
        return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8))
                .toString()
                .substring(0, DIGITS);
    }
}
