package io.schedtrace.junit;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.junit.ReportIndex.Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportIndexTest {
    @TempDir
    private Path reports;

    private void add(boolean failed, String report, String failure) throws Exception {
        Files.createDirectories(reports.resolve(report).getParent());
        Files.writeString(reports.resolve(report + ".txt"), "tree");
        ReportIndex.add(reports, Entry.of(failed, Path.of(report), "2 processes, 1 connection", failure));
    }

    @Test
    void shouldLeadToAllReportsAndShowFailuresFirst() throws Exception {
        add(false, "a.FirstIT/passes", "");
        add(true, "a.SecondIT/fails#1", "1 process of fails() <b>|still|</b> running\nmore");
        Files.writeString(reports.resolve("a.SecondIT/fails#1.html"), "page");

        ReportIndex.write(reports);

        assertThat(reports.resolve("index.html"))
                .content()
                .containsSubsequence(
                        "<tr class=\"failed\"><td>failed</td><td><a href=\"a.SecondIT/fails%231.html\">a.SecondIT/fails#1</a>",
                        "<td>1 process of fails() &lt;b&gt;|still|&lt;/b&gt; running</td></tr>",
                        "<tr class=\"passed\"><td>passed</td><td><a href=\"a.FirstIT/passes.txt\">")
                .doesNotContain("<b>", "more");
        assertThat(reports.resolve("index.md"))
                .content()
                .contains(
                        "| ❌ | a.SecondIT/fails&#35;1 | 2 processes, 1 connection | 1 process of fails&#40;&#41; &#60;b")
                .contains("\n| ✅ | a.FirstIT/passes | ");
        assertThat(reports.resolve("annotations.txt"))
                .hasContent("::error title=a.SecondIT/fails#1::1 process of fails() <b>|still|</b> running"
                        + " (2 processes, 1 connection)");
    }

    @Test
    void shouldHaveTheLastResultOfATest() throws Exception {
        add(true, "A/fixed", "boom");
        add(true, "A/gone", "boom");
        ReportIndex.passed(reports, test("A/gone"));
        ReportIndex.passed(reports, test("A/never"));
        add(false, "A/fixed", "");

        ReportIndex.write(reports);

        assertThat(reports.resolve("index.md"))
                .content()
                .contains("✅ | A/fixed")
                .doesNotContain("gone", "never", "❌");
        assertThat(reports.resolve("annotations.txt")).isEmptyFile();
    }

    @Test
    void shouldAnnotateAtMostTenFailures() throws Exception {
        for (int i = 0; i < 25; i++) {
            add(true, "A/t" + i, "100%: no");
        }
        ReportIndex.write(reports);
        assertThat(Files.readAllLines(reports.resolve("annotations.txt")))
                .hasSize(10)
                .contains("::error title=A/t0::100%25: no (2 processes, 1 connection)")
                .endsWith("::error title=more failures::16 more tests failed");
    }

    @Test
    void shouldWriteNothingWithoutReports() {
        ReportIndex.write(reports);
        assertThat(reports).isEmptyDirectory();
    }

    private static TracedTest test(String report) {
        return new TracedTest("id", "name", true, () -> Path.of(report), entries -> {}, null);
    }
}
