package io.schedtrace.internal.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Bytes of the kernel as strings: UTF-8, and each byte that is not part of it as the lone surrogate U+DC00 + byte, so
 * that nothing is lost (the convention of Python's PEP 383).
 */
public final class RawText {
    private static final int ESCAPE = 0xDC00;

    /** What Java puts for what is not UTF-8; it may also stand there by itself. */
    private static final char REPLACEMENT = '\uFFFD';

    private RawText() {}

    public static String decode(byte[] bytes, int from, int to) {
        String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        return text.indexOf(REPLACEMENT) < 0 ? text : decodeEscaping(bytes, from, to);
    }

    private static String decodeEscaping(byte[] bytes, int from, int to) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes, from, to - from);
        CharBuffer out = CharBuffer.allocate(to - from);
        CoderResult result = decoder.decode(in, out, true);
        while (result.isError()) {
            for (int i = result.length(); i > 0; i--) {
                out.put((char) (ESCAPE + (in.get() & 0xff)));
            }
            result = decoder.reset().decode(in, out, true);
        }
        return out.flip().toString();
    }

    /** {@code /usr/bin/ls} of {@code ls NUL bin NUL usr NUL}. */
    public static String path(byte[] components, int from) {
        byte[] path = new byte[components.length - from + 1];
        int length = 0;
        int end = components.length;
        while (end > from) {
            int last = components[end - 1] == 0 ? end - 1 : end;
            int start = end - 1;
            while (start > from && components[start - 1] != 0) {
                start--;
            }
            path[length++] = '/';
            for (int i = start; i < last; i++) {
                path[length++] = components[i];
            }
            end = start;
        }
        return decode(path, 0, length);
    }

    /** The strings that each end with a NUL; the last may lack it. Empty ones count. */
    public static List<String> split(byte[] bytes, int from, int to) {
        int count = to > from && bytes[to - 1] != 0 ? 1 : 0;
        for (int i = from; i < to; i++) {
            count += bytes[i] == 0 ? 1 : 0;
        }
        String[] strings = new String[count];
        int start = from;
        for (int i = 0; i < count; i++) {
            int end = start;
            while (end < to && bytes[end] != 0) {
                end++;
            }
            strings[i] = decode(bytes, start, end);
            start = end + 1;
        }
        return List.of(strings);
    }
}
