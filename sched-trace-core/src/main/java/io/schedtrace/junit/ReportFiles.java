package io.schedtrace.junit;

import io.schedtrace.export.HtmlReport;
import io.schedtrace.export.JsonLines;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TreeText;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Writes the trace of a test into files, and publishes their paths. */
final class ReportFiles {
    private static final Pattern INVOCATION = Pattern.compile("-invocation:#(\\d+)]");

    private ReportFiles() {}

    private interface Format {
        void write(Trace trace, Appendable out) throws IOException;
    }

    /** Writes {@code <class>/<method>.txt}, {@code .json} and {@code .html}; where to, or why not, in words. */
    static String write(Trace trace, ExtensionContext context) {
        Path directory = ReportDirectory.of(context).path().resolve(ReportName.of(context.getRequiredTestClass()));
        Path text = directory.resolve(name(context) + ".txt");
        Path json = directory.resolve(name(context) + ".json");
        Path html = directory.resolve(name(context) + ".html");
        Map<String, String> published = new LinkedHashMap<>();
        published.put("sched-trace.trace", trace.traceId().toString());
        String written;
        try {
            Files.createDirectories(directory);
            Files.writeString(text, TreeText.plain().format(trace) + '\n');
            published.put("sched-trace.text", text.toString());
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
        context.publishReportEntry(published);
        return written;
    }

    private static void write(Trace trace, Format format, Path file) throws IOException {
        try (Writer out = Files.newBufferedWriter(file)) {
            format.write(trace, out);
        }
    }

    /** The name of the method and the numbers of invocations. */
    private static String name(ExtensionContext context) {
        StringBuilder name = new StringBuilder(context.getTestMethod()
                .map(method -> ReportName.of(context.getRequiredTestClass(), method))
                .orElse("class"));
        INVOCATION
                .matcher(context.getUniqueId())
                .results()
                .forEach(number -> name.append('-').append(number.group(1)));
        return name.toString();
    }
}
