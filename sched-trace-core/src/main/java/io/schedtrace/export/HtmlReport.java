package io.schedtrace.export;

import io.schedtrace.internal.text.LineSink;
import io.schedtrace.model.Labels;
import io.schedtrace.model.Redactor;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TraceListener;
import io.schedtrace.model.TreeText;
import java.io.IOException;

/**
 * A trace as a page to look at: one HTML file that holds everything it needs and asks the network for nothing.
 *
 * <p>It shows the tree as a waterfall on a time axis, connections under their process, colours by how each ended, and
 * the details of the selected span; what was lost stands at the top. The critical path is marked in the bars, and a
 * summary has it with the totals of each program ({@link io.schedtrace.analysis.TraceSummary}). It can be searched,
 * zoomed and used by keyboard ({@code ?} names the keys), follows the reader's preference for dark or light, and can be
 * printed. An address that ends in {@code #} and a span id opens with that span. Where scripts do not run, the page is
 * the picture of {@link TreeText}.
 *
 * <p>What comes from traced programs is only ever text there: it is escaped as in {@link TreeText}, embedded as data,
 * and the page's security policy admits no script but its own. Secrets are hidden ({@link Redactor}). Of one
 * argument at most 2,000 characters are shown, of one command line at most 16,000.
 *
 * <p>Needs {@code com.fasterxml.jackson.core:jackson-core} at run time, an optional dependency.
 */
public final class HtmlReport {
    private HtmlReport() {}

    /**
     * Writes the page.
     *
     * @throws IOException if {@code out} throws it
     */
    public static void write(Trace trace, Appendable out) throws IOException {
        write(trace, out, Redactor.standard());
    }

    /**
     * Writes the page with another redactor than {@link Redactor#standard()}.
     *
     * @throws IOException if {@code out} throws it
     */
    public static void write(Trace trace, Appendable out, Redactor redactor) throws IOException {
        HtmlPage.write(trace, Labels.NONE, redactor, out);
    }

    /**
     * Writes the page when the session is closed, in one call. An {@link IOException} is logged and otherwise ignored.
     *
     * @param out is flushed if it is {@link java.io.Flushable}, and never closed
     * @return a listener for one session
     */
    public static TraceListener to(Appendable out) {
        return to(out, Labels.NONE, Redactor.standard());
    }

    /** As {@link #to(Appendable)}, with what the user adds, and with another redactor. */
    public static TraceListener to(Appendable out, Labels labels, Redactor redactor) {
        Labels shown = labels.redacted(redactor);
        return new WholeTrace(new LineSink(out), (trace, text) -> HtmlPage.write(trace, shown, redactor, text));
    }
}
