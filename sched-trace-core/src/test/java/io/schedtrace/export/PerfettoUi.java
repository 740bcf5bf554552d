package io.schedtrace.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.schedtrace.model.Trace;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A published build of Perfetto's UI, in a browser without its windows: the trace processor behind ui.perfetto.dev, and
 * the model of chrome://tracing. {@code scripts/toolchain test} fetches it.
 */
final class PerfettoUi implements AutoCloseable {
    private final Chromium browser;

    private PerfettoUi(Chromium browser) {
        this.browser = browser;
    }

    /** Skips the test where it is not; fails it if {@code SCHED_TRACE_REQUIRE=1} says that it must be. */
    static void require() {
        Chromium.require();
        boolean there = Files.exists(folder());
        if (!"1".equals(System.getenv("SCHED_TRACE_REQUIRE"))) {
            assumeThat(there).as(folder() + " is there").isTrue();
        }
        assertThat(there)
                .as(folder() + " is there; scripts/toolchain test fetches it")
                .isTrue();
    }

    private static Path folder() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path caches = cache == null || cache.isEmpty() ? Path.of(System.getenv("HOME"), ".cache") : Path.of(cache);
        return caches.resolve("sched-trace/perfetto-ui");
    }

    /** @param directory for its files, where there may be some of an earlier one */
    static PerfettoUi start(Path directory) throws IOException, URISyntaxException {
        Path protocol =
                Path.of(PerfettoUi.class.getResource("trace-processor.js").toURI());
        Path page = Files.writeString(directory.resolve("page.html"), """
                <!DOCTYPE html>
                <meta charset="utf-8">
                <script src="%s"></script>
                <script src="%s"></script>
                <script>document.documentElement.dataset.ready = "yes"</script>
                """.formatted(
                        protocol.toUri(),
                        folder().resolve("assets/catapult_trace_viewer.js").toUri()));
        Path profile = Files.createTempDirectory(directory, "profile");
        PerfettoUi ui = new PerfettoUi(Chromium.start(profile, "--allow-file-access-from-files"));
        ui.browser.open(page);
        return ui;
    }

    /** Gives a trace to both. */
    void load(Trace trace) throws IOException {
        StringBuilder document = new StringBuilder();
        PerfettoTrace.write(trace, document);
        browser.evaluate("""
                (async () => {
                  window.processor = new TraceProcessor("%s");
                  await processor.load(%s);
                })()""".formatted(folder().resolve("engine_bundle.js").toUri(), literal(document)));
        browser.evaluate(
                "void new tr.importer.Import(window.model = new tr.Model()).importTraces([" + literal(document) + "])");
    }

    /** The rows of the trace processor's answer. */
    List<List<Object>> query(String sql) throws IOException {
        return rows(browser.evaluate("processor.query(" + literal(sql) + ")"));
    }

    /** An expression over {@code model}, of chrome://tracing, that makes rows. */
    List<List<Object>> model(String expression) throws IOException {
        return rows(browser.evaluate(expression));
    }

    @SuppressWarnings("unchecked")
    private static List<List<Object>> rows(Object value) {
        return (List<List<Object>>) value;
    }

    private static String literal(CharSequence text) {
        return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }

    @Override
    public void close() throws IOException {
        browser.close();
    }
}
