package io.schedtrace.otel;

/** Strings from outside as OTLP takes them: Unicode without lone surrogates. */
final class Text {
    private static final int RAW_BYTE = 0xdc00;
    private static final int REPLACEMENT = 0xfffd;

    private Text() {}

    /** The text, with {@code \xNN} for each byte of it that is not UTF-8. */
    static String clean(String text) {
        if (text.codePoints().noneMatch(Text::isSurrogate)) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + 8);
        text.codePoints().forEach(c -> {
            int octet = c - RAW_BYTE;
            if (octet >= 0x80 && octet <= 0xff) {
                out.append("\\x").append(Integer.toHexString(octet));
            } else {
                out.appendCodePoint(isSurrogate(c) ? REPLACEMENT : c);
            }
        });
        return out.toString();
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }
}
