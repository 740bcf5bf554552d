package io.schedtrace.internal.text;

/** Which characters may reach a terminal as they are, and how the others are written. */
public final class Printable {
    /** Bytes that are not UTF-8 stand in strings as this plus the byte. */
    private static final int RAW_BYTE = 0xdc00;

    private static final int DELETE = 0x7f;

    private Printable() {}

    /** Whether a terminal shows the character itself and does nothing else with it. */
    public static boolean isPlain(int codePoint) {
        if (codePoint < DELETE) {
            return codePoint >= ' ';
        }
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR -> false;
            default -> true;
        };
    }

    public static boolean isPlain(String text) {
        return text.codePoints().allMatch(Printable::isPlain);
    }

    /** The text on one line, with a backslash before what is not plain and before backslashes. */
    public static String escape(String text) {
        if (text.indexOf('\\') < 0 && isPlain(text)) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length() + 8);
        append(out, text, '\\');
        return out.toString();
    }

    /**
     * Appends {@code text} with escapes that C, Go and the shell's {@code $'...'} read alike: {@code \n}, {@code \t},
     * {@code \r}; {@code \xNN} for other ASCII control characters and for bytes that are not UTF-8; &#92;uNNNN
     * and {@code \UNNNNNNNN} for other characters that are not plain.
     *
     * @param quote the quotation mark that the text stands in: it too gets a backslash
     */
    public static void append(StringBuilder out, String text, char quote) {
        text.codePoints().forEach(c -> appendOne(out, c, quote));
    }

    private static void appendOne(StringBuilder out, int c, char quote) {
        if (c == quote || c == '\\') {
            out.append('\\').append((char) c);
        } else if (isPlain(c)) {
            out.appendCodePoint(c);
        } else if (c == '\n') {
            out.append("\\n");
        } else if (c == '\t') {
            out.append("\\t");
        } else if (c == '\r') {
            out.append("\\r");
        } else if (c <= DELETE) {
            hex(out.append("\\x"), c, 2);
        } else if (isRawByte(c)) {
            hex(out.append("\\x"), c - RAW_BYTE, 2);
        } else if (Character.isBmpCodePoint(c)) {
            hex(out.append("\\u"), c, 4);
        } else {
            hex(out.append("\\U"), c, 8);
        }
    }

    private static boolean isRawByte(int c) {
        return c >= RAW_BYTE + 0x80 && c <= RAW_BYTE + 0xff;
    }

    private static void hex(StringBuilder out, int value, int digits) {
        for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
            out.append(Character.forDigit((value >> shift) & 0xf, 16));
        }
    }
}
