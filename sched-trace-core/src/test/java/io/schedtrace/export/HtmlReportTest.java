package io.schedtrace.export;

import static io.schedtrace.lab.Spans.process;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.internal.text.Printable;
import io.schedtrace.lab.HostileStrings;
import io.schedtrace.lab.SampleTraces;
import io.schedtrace.lab.Spans;
import io.schedtrace.model.Labels;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Redactor;
import io.schedtrace.model.Trace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The document as bytes; {@link HtmlReportIT} looks at it in a browser. */
class HtmlReportTest {
    private static final Pattern DATA =
            Pattern.compile("<script type=\"application/json\" id=\"data\">(.*?)</script>", Pattern.DOTALL);
    private static final Pattern SCRIPT = Pattern.compile("<script>(.*?)</script>", Pattern.DOTALL);
    private static final Pattern STYLE = Pattern.compile("<style>(.*?)</style>", Pattern.DOTALL);

    @Test
    void shouldHoldEverySpanUnderItsProcess() {
        List<Map<String, Object>> spans = spans(SampleTraces.failedBuild());

        assertThat(spans).hasSize(24);
        assertThat(spans.get(0))
                .containsEntry("name", "make")
                .containsEntry("up", -1L)
                .containsEntry("state", "failed");
        for (int i = 0; i < spans.size(); i++) {
            assertThat((Long) spans.get(i).get("up")).isLessThan(i);
        }
        assertThat(spans)
                .filteredOn(span -> span.get("kind").equals("tcp"))
                .hasSize(12)
                .allSatisfy(span -> assertThat(spans.get(((Long) span.get("up")).intValue()))
                        .containsEntry("kind", "process"));
        assertThat(spans).extracting(span -> span.get("state")).contains("ok", "signal", "running", "closed", "broken");
    }

    @Test
    void shouldPutTheServersEndUnderTheServer() {
        List<Map<String, Object>> spans = spans(SampleTraces.failedBuild());
        assertThat(spans)
                .filteredOn(span -> "server".equals(span.get("role")))
                .hasSize(3)
                .allSatisfy(span -> assertThat(spans.get(((Long) span.get("up")).intValue()))
                        .containsEntry("name", "redis-server"));
    }

    @Test
    void shouldPutAllUnderTheSession() {
        List<Map<String, Object>> spans = spans(SampleTraces.ofATest());
        assertThat(spans)
                .extracting(span -> span.get("kind"))
                .containsExactly("session", "tcp", "process", "tcp", "process");
        assertThat(spans).extracting(span -> span.get("up")).containsExactly(-1L, 0L, 0L, 2L, 2L);
        assertThat(JsonValues.object(data(SampleTraces.ofATest()).get("trace")))
                .containsEntry("title", "a <b>test</b>");
    }

    @Test
    void shouldMaskPasswordsInUrls() throws IOException {
        assertThat(html(SampleTraces.failedBuild()))
                .doesNotContain("user:secret")
                .contains("***@mirror");
    }

    @Test
    void shouldSayWhatWasLost() {
        assertThat(JsonValues.object(data(SampleTraces.lossy()).get("trace")).get("lost"))
                .isEqualTo(List.of(
                        "8,210 kernel records (exec_data 12, process_end 4211, process_start 3987)",
                        "3 processes or sockets that had no tag"));
    }

    @Test
    void shouldShowTheNameOfTheTraceAndItsAttributes() {
        StringBuilder out = new StringBuilder();
        Labels labels = new Labels("night</script>ly", Map.of("build", "7\n"));
        HtmlReport.to(out, labels, Redactor.standard()).traceClosed(SampleTraces.passedBuild());
        Map<String, Object> data = JsonValues.object(JsonValues.parse(only(DATA, out.toString())));
        assertThat(JsonValues.object(data.get("trace")).get("labels"))
                .isEqualTo(List.of("night</script>ly", "build=7\\n"));
    }

    @Test
    void shouldWriteAnEmptyTrace() {
        assertThat(data(SampleTraces.empty()).get("spans")).isEqualTo(List.of());
    }

    @Test
    void shouldHaveTheTotalsAndTheCriticalPath() {
        Map<String, Object> data = data(SampleTraces.failedBuild());
        Map<String, Object> summary = JsonValues.object(data.get("summary"));
        assertThat(JsonValues.objects(summary.get("programs")))
                .filteredOn(program -> program.get("name").equals("python3"))
                .singleElement()
                .satisfies(program ->
                        assertThat(program).containsEntry("count", 5L).containsEntry("failed", 2L));
        assertThat(summary).containsEntry("length", 1_840_000_000L);
        List<Map<String, Object>> steps = JsonValues.objects(summary.get("steps"));
        assertThat(steps.stream().mapToLong(step -> (Long) step.get("length")).sum())
                .isEqualTo(1_840_000_000L);
        assertThat(JsonValues.objects(data.get("spans"))
                        .get(((Long) steps.get(0).get("row")).intValue()))
                .containsEntry("name", "make");
    }

    @Test
    void shouldCutWhatIsVeryLong() {
        String[] command = new String[30];
        java.util.Arrays.fill(command, "x".repeat(5_000));
        Map<String, Object> exec = JsonValues.objects(
                        spans(Spans.trace(process(1, command).build())).get(0).get("execs"))
                .get(0);
        assertThat((List<?>) exec.get("argv")).hasSize(7).allMatch(text -> text.equals("x".repeat(2_000) + "…"));
        assertThat(exec).containsEntry("more", 23L);
    }

    @Test
    void shouldNameNothingOutsideOfItself() throws IOException {
        String html = html(SampleTraces.lossy());
        String page = DATA.matcher(html).replaceAll("").replaceAll("(?s)<noscript>.*?</noscript>", "");
        assertThat(page).doesNotContain("http:", "https:", "//cdn", "url(", "@import", " src=", "<link", "import(");
        assertThat(page).doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(");
        assertThat(page).doesNotContain("${data", "${script", "${style", "${title", "${tree");
    }

    @Test
    void shouldAdmitItsOwnStyleAndScriptOnly() throws Exception {
        String html = html(SampleTraces.passedBuild());
        assertThat(html)
                .contains("content=\"default-src 'none'; script-src 'sha256-" + sha256(only(SCRIPT, html))
                        + "'; style-src 'sha256-" + sha256(only(STYLE, html))
                        + "'; base-uri 'none'; form-action 'none'\"");
        assertThat(html).doesNotContain("unsafe-inline", " style=", " onclick=", " onload=");
    }

    @ParameterizedTest
    @MethodSource("io.schedtrace.lab.HostileStrings#all")
    void shouldKeepAnyStringInItsPlace(String hostile) throws IOException {
        Trace trace = HostileStrings.trace(hostile);

        String html = html(trace);

        assertThat(html.codePoints()).allMatch(c -> Printable.isPlain(c) || c == '\n');
        assertThat(new String(html.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .isEqualTo(html);
        String frame = html(Spans.trace(process(1, "x").build()));
        assertThat(count(html, "<")).isEqualTo(count(frame, "<"));
        assertThat(only(DATA, html)).doesNotContain("<", ">", "&");
        List<Map<String, Object>> spans = spans(trace);
        assertThat(JsonValues.objects(spans.get(0).get("execs")).get(0).get("argv"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.list(String.class))
                .last()
                .isEqualTo(Printable.escape(HtmlSpan.shorten(hostile)));
    }

    @Test
    void shouldNotStumbleOverADeepTree() {
        Object[] chain = new Object[5_000];
        ProcessSpan above = process(1, "sh").build();
        chain[0] = above;
        for (int i = 1; i < chain.length; i++) {
            above = process(i + 1, "sh").under(above).build();
            chain[i] = above;
        }
        assertThat(spans(Spans.trace(chain)).get(4_999)).containsEntry("up", 4_998L);
    }

    @Test
    void shouldWriteWhenTheSessionIsClosed() throws IOException {
        StringBuilder out = new StringBuilder();
        HtmlReport.to(out).traceClosed(SampleTraces.passedBuild());
        assertThat(out).hasToString(html(SampleTraces.passedBuild()));
    }

    static String html(Trace trace) throws IOException {
        StringBuilder out = new StringBuilder();
        HtmlReport.write(trace, out);
        return out.toString();
    }

    private static Map<String, Object> data(Trace trace) {
        try {
            return JsonValues.object(JsonValues.parse(only(DATA, html(trace))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Map<String, Object>> spans(Trace trace) {
        return JsonValues.objects(data(trace).get("spans"));
    }

    private static String only(Pattern element, String html) {
        Matcher matcher = element.matcher(html);
        assertThat(matcher.find()).isTrue();
        String content = matcher.group(1);
        assertThat(matcher.find()).isFalse();
        return content;
    }

    private static long count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length;
    }

    private static String sha256(String text) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        return Base64.getEncoder().encodeToString(digest);
    }
}
