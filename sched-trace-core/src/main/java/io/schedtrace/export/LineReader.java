package io.schedtrace.export;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads lines of UTF-8, one at a time. A line ends with a line feed, except perhaps the last. */
final class LineReader {
    private static final int BUFFER = 1 << 16;

    private final InputStream in;
    private final int longest;
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int limit;
    private byte[] line = new byte[1024];
    private int length;
    private boolean ended;

    /** @param longest the length of the longest line, in bytes */
    LineReader(InputStream in, int longest) {
        this.in = in;
        this.longest = longest;
    }

    /**
     * Reads the next line; returns whether there is one.
     *
     * @throws IllegalArgumentException if it is too long
     */
    boolean next() throws IOException {
        length = 0;
        ended = false;
        while (!ended && fill()) {
            int from = position;
            while (position < limit && buffer[position] != '\n') {
                position++;
            }
            append(from, position);
            if (position < limit) {
                ended = true;
                position++;
            }
        }
        return ended || length > 0;
    }

    private boolean fill() throws IOException {
        if (position == limit) {
            position = 0;
            limit = Math.max(0, in.read(buffer));
        }
        return limit > 0;
    }

    private void append(int from, int to) {
        int longer = length + to - from;
        if (longer > longest) {
            throw new IllegalArgumentException("it has more than " + longest + " bytes");
        }
        if (longer > line.length) {
            line = Arrays.copyOf(line, Math.min(longest, Math.max(longer, 2 * line.length)));
        }
        System.arraycopy(buffer, from, line, length, to - from);
        length = longer;
    }

    /** Whether the line ends with a line feed. */
    boolean ended() {
        return ended;
    }

    /** How many bytes the line has. */
    int length() {
        return length;
    }

    /** Whether the line begins with that character. */
    boolean beginsWith(char c) {
        return length > 0 && line[0] == c;
    }

    /**
     * Returns the characters of the line.
     *
     * @throws IllegalArgumentException if it is not UTF-8
     */
    CharBuffer characters() {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line, 0, length));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("it is not UTF-8", e);
        }
    }
}
