package io.schedtrace.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.lab.SampleTraces;
import io.schedtrace.lab.Spans;
import io.schedtrace.model.Loss;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.TcpSpan.Outcome;
import io.schedtrace.model.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The page in a real browser. With {@code -Dscreenshots=DIRECTORY} in {@code -Dtest.jvm}, pictures of it are kept
 * there.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HtmlReportIT {
    /** Interactive within two seconds, on a machine that is four times overloaded. */
    private static final long READY_MILLIS = 4 * 2_000;

    private final Path directory = Path.of("target", "html-report").toAbsolutePath();

    private Chromium browser;

    @BeforeAll
    void startBrowser() throws IOException {
        Chromium.require();
        Files.createDirectories(directory);
        browser = Chromium.start(Files.createTempDirectory(directory, "profile"));
    }

    @AfterAll
    void closeBrowser() throws IOException {
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    void shouldShowTheTreeAndTheFirstFailure() throws IOException {
        open("failed", SampleTraces.failedBuild());

        assertThat(text("#title")).isEqualTo("make -j2 integration-test");
        assertThat(text(".headline .badge")).isEqualTo("✗ exit 2");
        assertThat(text("#facts")).contains("12 processes", "12 connections", "1.84 s");
        assertThat(text("#notes")).contains("1 span was still open");
        assertThat(text(".row[aria-selected=true]")).contains("nc", "[4004]", "25.0 ms", "✗ exit 1");
        assertThat(text("#details")).contains("nc", "exit 1", "redis:6379", "refused (ECONNREFUSED)", "/usr/bin/nc");
        assertThat(rows().get(0)).contains("make", "-j2 integration-test", "[4001]", "1.84 s", "✗ exit 2");
        assertThat(text("body")).doesNotContain("user:secret");
        assertThat(browser.evaluate("getComputedStyle(document.querySelector('.row.failed .bar')).backgroundColor"))
                .isNotEqualTo(
                        browser.evaluate("getComputedStyle(document.querySelector('.row.ok .bar')).backgroundColor"));
        shot("failed");
        browser.scheme("dark");
        assertThat(browser.evaluate("getComputedStyle(document.body).backgroundColor"))
                .isEqualTo("rgb(17, 20, 26)");
        shot("failed-dark");
        browser.scheme("light");
    }

    @Test
    void shouldShowATestAboveWhatItStarted() throws IOException {
        open("test", SampleTraces.ofATest());

        assertThat(text("#title")).isEqualTo("a <b>test</b>");
        assertThat(browser.evaluate("document.querySelectorAll('.headline .badge').length"))
                .isEqualTo(0L);
        assertThat(text("#facts")).contains("2 processes", "2 connections");
        assertThat(rows()).hasSize(5).first().asString().contains("a <b>test</b>", "1.11 s");
        browser.press("ArrowDown");
        browser.press("Enter");
        assertThat(text("#details")).contains("Connections (1)", "Children (1)", "sh [2]");
        shot("test");
    }

    @Test
    void shouldShowNoCountersOfWhatIsOpenOrWasNeverEstablished() throws IOException {
        ProcessSpan curl = Spans.process(1, "curl").build();
        open(
                "open",
                Spans.trace(
                        Loss.NONE,
                        curl,
                        Spans.connection(2, curl).open().build(),
                        Spans.connection(3, curl)
                                .failed(Outcome.ABANDONED, null)
                                .build()));

        assertThat(text("#facts")).contains("2 connections", "↑ 0 B ↓ 0 B");
        assertThat(rows()).hasSize(3).anyMatch(row -> row.contains("open")).anyMatch(row -> row.contains("abandoned"));
        assertThat(rows().toString()).doesNotContain("NaN", "undefined", "1.21 KiB");
    }

    @Test
    void shouldFindByNameArgumentAndHost() throws IOException {
        open("search", SampleTraces.failedBuild());

        browser.press("/");
        browser.type("api.EXAMPLE");
        assertThat(text("#found")).isEqualTo("4 matches");
        assertThat(rows())
                .hasSize(11)
                .filteredOn(row -> row.contains("api.example.com"))
                .hasSize(4);
        assertThat(browser.evaluate("document.querySelector('mark').textContent"))
                .isEqualTo("api.example");
        browser.press("Enter");
        assertThat(text(".row[aria-selected=true]")).contains("api.example.com:6379");
        shot("search");
        browser.press("Escape");
        assertThat(rows()).hasSizeGreaterThan(20);

        browser.evaluate("document.querySelector('.chip.failed').click()");
        assertThat(rows()).hasSize(8).allMatch(row -> row.contains("✗"));
        browser.press("/");
        browser.type("no such thing");
        assertThat(text("#empty")).contains("Nothing matches");
    }

    @Test
    void shouldShowTheTotalsAndTheCriticalPath() throws IOException {
        open("summary", SampleTraces.failedBuild());

        assertThat(browser.evaluate("document.querySelectorAll('.bar .path').length > 3"))
                .isEqualTo(true);
        browser.evaluate("document.getElementById('summary-open').click()");
        assertThat(text("#summary")).contains("python35", "Critical path, 1.84 s: the longest steps", "Gaps: ");
        shot("summary");
        browser.evaluate("document.querySelector('#summary .link').click()");
        assertThat(browser.evaluate("document.getElementById('summary').open")).isEqualTo(false);
        assertThat(text("#details")).isNotEmpty();
    }

    @Test
    void shouldBeUsedByKeyboard() throws IOException {
        open("keys", SampleTraces.passedBuild());

        browser.press("ArrowDown");
        assertThat(text(".row[aria-selected=true]")).startsWith("▾●bash");
        assertThat(browser.evaluate("document.activeElement.getAttribute('aria-activedescendant')"))
                .isEqualTo("row-0");
        browser.press("Enter");
        assertThat(text("#details h2")).isEqualTo("bash");
        browser.press("ArrowLeft");
        assertThat(rows()).hasSize(1);
        assertThat(browser.evaluate("document.querySelector('.row').getAttribute('aria-expanded')"))
                .isEqualTo("false");
        browser.press("ArrowRight");
        browser.press("End");
        assertThat(text("#details h2")).isEqualTo("localhost:6379");
        browser.press("ArrowLeft");
        assertThat(text("#details h2")).isEqualTo("curl");
        browser.press("z");
        assertThat((String) browser.evaluate("document.querySelector('.overview').className"))
                .contains("zoomed");
        browser.press("0");
        assertThat((String) browser.evaluate("document.querySelector('.overview').className"))
                .doesNotContain("zoomed");
        browser.press("?");
        assertThat(browser.evaluate("document.getElementById('help').open")).isEqualTo(true);
        shot("keys");
        browser.press("Escape");
        browser.press("Escape");
        assertThat(browser.evaluate("document.getElementById('details').hidden"))
                .isEqualTo(true);
    }

    @Test
    void shouldBeReadyWithFiveThousandProcesses() throws IOException {
        open("big", SampleTraces.big(5_000));

        long ready = Long.parseLong((String) browser.evaluate("document.documentElement.dataset.ready"));
        System.out.println("5,000 processes: interactive after " + ready + " ms");
        assertThat(ready).isLessThan(READY_MILLIS);
        assertThat(text("#facts")).contains("5,000 processes");
        assertThat((Long) browser.evaluate("document.querySelectorAll('*').length"))
                .isLessThan(2_000);
        shot("big");
        browser.press("End");
        browser.press("/");
        browser.type("source-4321.c");
        assertThat(rows()).hasSize(3).last().asString().contains("source-4321.c");
    }

    @Test
    void shouldShowHostileStringsAsText() throws IOException {
        open("hostile", SampleTraces.hostile());

        assertThat(text("#title")).isEqualTo("sh -c '</script><script>alert(1)</script>'");
        assertThat(browser.evaluate("document.scripts.length")).isEqualTo(2L);
        assertThat(browser.evaluate("document.querySelectorAll('iframe, img, object, embed, link').length"))
                .isEqualTo(0L);
        browser.press("/");
        browser.type("<script>alert(1)");
        assertThat(rows()).anyMatch(row -> row.contains("<script>alert(1)</script>"));
        browser.press("Escape");
        assertThat((String) browser.evaluate("document.body.innerText"))
                .doesNotContain("\u202e", "\u2066", "\u2028", "\u200b", "\033", "\ufffd");
        browser.press("/");
        browser.type("\\u202egnp");
        assertThat(text("#found")).isEqualTo("2 matches");
        shot("hostile");
    }

    @Test
    void shouldPutLossInPlainSight() throws IOException {
        open("lossy", SampleTraces.lossy());
        assertThat(text("#loss")).contains("lost", "8,210 kernel records", "3 processes or sockets");
        assertThat((Long) browser.evaluate("document.getElementById('loss').getBoundingClientRect().top | 0"))
                .isBetween(0L, 200L);
        assertThat(text(".row.unknown .note")).contains("end unknown");
        shot("lossy");
    }

    @Test
    void shouldShowAnEmptyTrace() throws IOException {
        open("empty", SampleTraces.empty());
        assertThat(text("#empty")).contains("No processes");
        for (String key : List.of("ArrowDown", "End", "Enter", "n", "z", "*", "Escape")) {
            browser.press(key);
        }
        shot("empty");
    }

    @Test
    void shouldPrintEveryRow() throws IOException {
        open("print", SampleTraces.hostile());
        assertThat(rows()).hasSizeLessThan(60);
        browser.evaluate(
                "addEventListener('beforeprint', () => window.printed = document.querySelectorAll('.row').length)");
        byte[] pdf = browser.pdf();
        assertThat(new String(pdf, 0, 5, java.nio.charset.StandardCharsets.US_ASCII))
                .isEqualTo("%PDF-");
        assertThat(browser.evaluate("window.printed")).isEqualTo(69L);
        assertThat(rows()).hasSizeLessThan(60);
        keep("print.pdf", pdf);
    }

    @Test
    void shouldOpenWithTheSpanOfTheAddress() throws IOException {
        open("address", SampleTraces.passedBuild());
        browser.evaluate("location.hash = '#00005eed00000003'");
        browser.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))");
        assertThat(text("#details h2")).isEqualTo("sort");
    }

    /** Opens a report; nothing may be asked of the network, refused by the policy, or thrown. */
    private void open(String name, Trace trace) throws IOException {
        Path file = directory.resolve(name + ".html");
        Files.writeString(file, HtmlReportTest.html(trace));
        browser.open(file);
        for (Map<String, Object> event : browser.events) {
            String method = (String) event.get("method");
            assertThat(method).isNotIn("Runtime.exceptionThrown", "Log.entryAdded", "Page.javascriptDialogOpening");
            if ("Network.requestWillBeSent".equals(method)) {
                Map<String, Object> request =
                        JsonValues.object(JsonValues.object(event.get("params")).get("request"));
                assertThat(request.get("url").toString())
                        .startsWith(file.toUri().toString());
            }
        }
    }

    private String text(String selector) throws IOException {
        return (String) browser.evaluate("document.querySelector(" + quoted(selector) + ").textContent");
    }

    /** The texts of the rows in the page, after the next picture. */
    @SuppressWarnings("unchecked")
    private List<String> rows() throws IOException {
        return (List<String>) browser.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(() =>"
                + " done([...document.querySelectorAll('.row')].map(row => row.textContent)))))");
    }

    private void shot(String name) throws IOException {
        rows();
        keep(name + ".png", browser.screenshot());
    }

    private static void keep(String name, byte[] bytes) throws IOException {
        String screenshots = System.getProperty("screenshots");
        if (screenshots != null) {
            Files.createDirectories(Path.of(screenshots));
            Files.write(Path.of(screenshots, name), bytes);
        }
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "\\'") + "'";
    }
}
