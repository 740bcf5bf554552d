package io.schedtrace.junit;

import io.schedtrace.export.HtmlReport;
import io.schedtrace.export.JsonLines;
import io.schedtrace.model.Redactor;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TreeText;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the trace of a test into files, and publishes their paths. */
final class ReportFiles {
    private ReportFiles() {}

    private interface Format {
        void write(Trace trace, Appendable out) throws IOException;
    }

    /**
     * Writes {@code <class>/<method>.txt}, {@code .json} and {@code .html} below {@code reports}, and adds them to the
     * index.
     *
     * @param failure why the test has failed; null if it has not
     * @return where to, or why not, in words
     */
    static String write(Trace trace, TracedTest test, Path reports, @Nullable Throwable failure) {
        Path report = test.report().get();
        Path text = reports.resolve(report + ".txt");
        Path json = reports.resolve(report + ".json");
        Path html = reports.resolve(report + ".html");
        Map<String, String> published = new LinkedHashMap<>();
        published.put("sched-trace.trace", trace.traceId().toString());
        String written;
        try {
            Files.createDirectories(text.getParent());
            Files.writeString(text, TreeText.plain().format(trace) + '\n');
            published.put("sched-trace.text", text.toString());
            ReportIndex.add(
                    reports,
                    ReportIndex.Entry.of(
                            failure != null,
                            report,
                            TreeText.plain().summary(trace).replace("\n", ", "),
                            failure == null ? "" : Redactor.standard().text(String.valueOf(failure.getMessage()))));
            try {
                write(trace, JsonLines::write, json);
                published.put("sched-trace.json", json.toString());
                write(trace, HtmlReport::write, html);
                published.put("sched-trace.html", html.toString());
                written = "as in " + text + ", .json and .html";
            } catch (NoClassDefFoundError e) {
                Files.deleteIfExists(json);
                written = "as in " + text
                        + " (no .json and .html: com.fasterxml.jackson.core:jackson-core is not on the class path)";
            }
        } catch (IOException e) {
            written = "no report: " + e;
        }
        test.entries().accept(published);
        return written;
    }

    private static void write(Trace trace, Format format, Path file) throws IOException {
        try (Writer out = Files.newBufferedWriter(file)) {
            format.write(trace, out);
        }
    }
}
