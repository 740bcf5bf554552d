package io.schedtrace.export;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import org.jspecify.annotations.Nullable;

/** As {@link JsonEscapes}, and besides whatever could end a {@code script} element or begin something in it. */
final class HtmlEscapes extends CharacterEscapes {
    private static final long serialVersionUID = 1;
    private static final JsonEscapes JSON = new JsonEscapes();

    @Override
    public int[] getEscapeCodesForAscii() {
        int[] codes = JSON.getEscapeCodesForAscii();
        for (char c : new char[] {'<', '>', '&'}) {
            codes[c] = ESCAPE_STANDARD;
        }
        return codes;
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int c) {
        return JSON.getEscapeSequence(c);
    }
}
