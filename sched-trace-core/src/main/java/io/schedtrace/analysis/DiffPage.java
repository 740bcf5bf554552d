package io.schedtrace.analysis;

import io.schedtrace.analysis.TraceDiff.Row;
import io.schedtrace.internal.text.Html;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A {@link TraceDiff} as a page: both trees side by side. */
final class DiffPage {
    private static final String PLACE = "${rows}";
    private static final String FRAME = Html.resource(DiffPage.class, "diff.html");

    private DiffPage() {}

    static void write(TraceDiff diff, Appendable out) throws IOException {
        int place = FRAME.indexOf(PLACE);
        out.append(FRAME, 0, place)
                .append("<p>")
                .append(Html.escape(diff.summary()))
                .append("</p>\n<table>\n");
        out.append("<thead><tr><th>before</th><th>after</th></tr></thead>\n<tbody>\n");
        for (Row row : diff.rows()) {
            String kind =
                    row.before() == null ? "new" : row.after() == null ? "gone" : row.differs() ? "changed" : "same";
            out.append("<tr class=\"")
                    .append(kind)
                    .append(row.shown() ? "" : " quiet")
                    .append("\">");
            cell(row.before(), row.depth(), out);
            cell(row.after(), row.depth(), out);
            out.append("</tr>\n");
        }
        out.append("</tbody>\n</table>\n").append(FRAME, place + PLACE.length(), FRAME.length());
    }

    private static void cell(@Nullable String line, int depth, Appendable out) throws IOException {
        out.append("<td>");
        if (line != null) {
            out.append("<span style=\"padding-left:" + 1.5 * depth + "em\">")
                    .append(Html.escape(line))
                    .append("</span>");
        }
        out.append("</td>");
    }
}
