package io.schedtrace.export;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import io.schedtrace.internal.text.Printable;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Escapes as JSON requires, and besides every character that is not {@link Printable plain}. Surrogates are always
 * escaped, so that a single one, which stands for a byte that is not UTF-8, survives in a file of valid UTF-8.
 */
final class JsonEscapes extends CharacterEscapes {
    private static final long serialVersionUID = 1;
    private static final int DELETE = 0x7f;

    @Override
    public int[] getEscapeCodesForAscii() {
        int[] codes = standardAsciiEscapesForJSON();
        codes[DELETE] = ESCAPE_STANDARD;
        return codes;
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int c) {
        return Printable.isPlain(c) ? null : new SerializedString(String.format(Locale.ROOT, "\\u%04x", c));
    }
}
