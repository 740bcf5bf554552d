package io.schedtrace.internal.text;

import java.io.Flushable;
import java.io.IOException;
import java.io.PrintStream;

/**
 * Writes whole lines, each at once and flushed, until writing fails for the first time: that is logged, and nothing is
 * written from then on. A reader that has gone away (EPIPE) or a full disk never harms what is traced.
 */
public final class LineSink {
    private static final System.Logger LOG = System.getLogger("io.schedtrace");

    private final Appendable out;
    private boolean failed;

    /** @param out is flushed after each line if it is {@link Flushable}, and never closed */
    public LineSink(Appendable out) {
        this.out = out;
    }

    /** Writes the line and its end in one call. */
    public void println(String line) {
        print(line + "\n");
    }

    /** Writes the text in one call. */
    public void print(String text) {
        if (failed) {
            return;
        }
        try {
            out.append(text);
            if (out instanceof Flushable flushable) {
                flushable.flush();
            }
            if (out instanceof PrintStream print && print.checkError()) {
                throw new IOException("the print stream reports an error");
            }
        } catch (IOException e) {
            failed = true;
            LOG.log(System.Logger.Level.WARNING, "no more spans are written: {0}", e.getMessage());
        }
    }
}
