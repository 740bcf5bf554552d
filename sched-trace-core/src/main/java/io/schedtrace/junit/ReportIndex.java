package io.schedtrace.junit;

import io.schedtrace.internal.text.BuildServer;
import io.schedtrace.internal.text.Html;
import io.schedtrace.internal.text.Printable;
import io.schedtrace.internal.text.ShellWord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What leads to the reports of a directory: a page, {@code index.html}; the same as Markdown, {@code index.md}; and a
 * line for each failed test that GitHub Actions shows as an error, {@code annotations.txt}. Failures come first.
 *
 * <p>Several JVMs may report into one directory. Each adds lines to {@code index.tsv}, and makes the files of all lines
 * when its tests are over.
 */
final class ReportIndex {
    private static final System.Logger LOG = System.getLogger("io.schedtrace");
    private static final String LINES = "index.tsv";
    private static final String PLACE = "${rows}";
    private static final int LONGEST_FAILURE = 300;
    private static final int MOST_ANNOTATIONS = 10;

    private ReportIndex() {}

    /**
     * A report, or a test that has none any more.
     *
     * @param status {@code failed}, {@code passed}, or {@code none} if there is no report
     * @param report the path of the report without an extension, below the directory
     * @param counts how many processes and connections there are
     * @param failure the first line of the failure; empty if there is none
     */
    record Entry(String status, String report, String counts, String failure) {
        static Entry of(boolean failed, Path report, String counts, String failure) {
            String line = failure.lines().findFirst().orElse("");
            return new Entry(
                    failed ? "failed" : "passed",
                    report.toString(),
                    counts,
                    line.length() <= LONGEST_FAILURE ? line : ShellWord.beginning(line, LONGEST_FAILURE) + "…");
        }

        private String line() {
            return String.join(
                    "\t", status, Printable.escape(report), Printable.escape(counts), Printable.escape(failure) + "\n");
        }

        boolean failed() {
            return status.equals("failed");
        }
    }

    /** Adds a report. */
    static void add(Path reports, Entry entry) throws IOException {
        Files.writeString(reports.resolve(LINES), entry.line(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Notes that a test has no report, if an earlier run has left one. */
    static void passed(Path reports, TracedTest test) {
        try {
            if (Files.exists(reports.resolve(LINES))) {
                Path report = test.report().get();
                if (Files.exists(reports.resolve(report + ".txt"))) {
                    add(reports, new Entry("none", report.toString(), "", ""));
                }
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the index of reports is not written: {0}", e.toString());
        }
    }

    /** Makes the files of all reports that have been added; does nothing if there are none. */
    static void write(Path reports) {
        try {
            if (Files.exists(reports.resolve(LINES))) {
                List<Entry> entries = read(reports);
                replace(reports.resolve("index.html"), html(reports, entries));
                replace(reports.resolve("index.md"), markdown(entries));
                replace(reports.resolve("annotations.txt"), annotations(entries));
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the index of reports is not written: {0}", e.toString());
        }
    }

    /** The last entry of each test, failures first. */
    private static List<Entry> read(Path reports) throws IOException {
        Map<String, Entry> last = new LinkedHashMap<>();
        for (String line : Files.readAllLines(reports.resolve(LINES))) {
            String[] fields = line.split("\t", -1);
            if (fields.length == 4) {
                last.put(fields[1], new Entry(fields[0], fields[1], fields[2], fields[3]));
            }
        }
        List<Entry> entries = new ArrayList<>(last.values());
        entries.removeIf(entry -> entry.status.equals("none"));
        entries.sort(Comparator.comparing(Entry::failed).reversed().thenComparing(Entry::report));
        return entries;
    }

    private static void replace(Path file, String content) throws IOException {
        Path part = Files.createTempFile(file.getParent(), "index", ".part");
        Files.writeString(part, content);
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String html(Path reports, List<Entry> entries) {
        StringBuilder rows = new StringBuilder();
        for (Entry entry : entries) {
            String extension = Files.exists(reports.resolve(entry.report + ".html")) ? ".html" : ".txt";
            rows.append("<tr class=\"").append(entry.status).append("\"><td>").append(entry.status);
            rows.append("</td><td><a href=\"")
                    .append(Html.escape(link(entry.report + extension)))
                    .append("\">");
            rows.append(Html.escape(entry.report))
                    .append("</a></td><td>")
                    .append(Html.escape(entry.counts))
                    .append("</td><td>");
            rows.append(Html.escape(entry.failure)).append("</td></tr>\n");
        }
        return Html.resource(ReportIndex.class, "index.html").replace(PLACE, rows);
    }

    /** A relative address: names of reports may have a percent sign or a number sign. */
    private static String link(String path) {
        return path.replace("%", "%25").replace("#", "%23").replace("?", "%3F");
    }

    private static String markdown(List<Entry> entries) {
        StringBuilder out =
                new StringBuilder("### Traced tests\n\n|  | test | traced | failure |\n|---|---|---|---|\n");
        for (Entry entry : entries) {
            out.append(entry.failed() ? "| ❌ | " : "| ✅ | ")
                    .append(BuildServer.markdown(entry.report))
                    .append(" | ");
            out.append(BuildServer.markdown(entry.counts)).append(" | ");
            out.append(BuildServer.markdown(entry.failure)).append(" |\n");
        }
        return out.toString();
    }

    private static String annotations(List<Entry> entries) {
        List<Entry> failed = entries.stream().filter(Entry::failed).toList();
        StringBuilder out = new StringBuilder();
        for (Entry entry : failed.subList(0, Math.min(MOST_ANNOTATIONS - 1, failed.size()))) {
            out.append(BuildServer.error(entry.report, entry.failure + " (" + entry.counts + ")"));
        }
        if (failed.size() >= MOST_ANNOTATIONS) {
            out.append(BuildServer.error("more failures", failed.size() - MOST_ANNOTATIONS + 1 + " more tests failed"));
        }
        return out.toString();
    }
}
