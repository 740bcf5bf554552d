package io.schedtrace.export;

import static io.schedtrace.lab.Spans.START;
import static io.schedtrace.lab.Spans.process;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.lab.Spans;
import io.schedtrace.model.Exec;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TreeText;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Each format tells that the end of a filename is missing. */
class TruncatedFilenamesTest {
    private static final Exec CUT = Exec.builder()
            .time(START)
            .exe("/usr/bin/env")
            .filename("/usr/bin/a")
            .filenameTruncated(true)
            .name("a")
            .build();
    private static final Exec WHOLE = Exec.builder().time(START).exe("/bin/b").build();

    private final ProcessSpan cut = process(1, "a", "x").execs(CUT).build();
    private final ProcessSpan earlier = process(2, "b", "x").execs(CUT, WHOLE).build();

    @Test
    void shouldMarkThemInText() {
        assertThat(TextLines.format(cut)).endsWith(" filename_truncated=true");
        assertThat(TextLines.format(earlier)).doesNotContain("truncated");
    }

    @Test
    void shouldMarkThemInJson() {
        assertThat(JsonLines.format(earlier))
                .contains("\"filename\":\"/usr/bin/a\",\"filename_truncated\":true,")
                .contains("\"filename\":\"/bin/b\",\"filename_truncated\":false,");
    }

    @Test
    void shouldMarkThemInTheTree() {
        assertThat(TreeText.plain().line(cut)).startsWith("a… x  [1]");
        assertThat(TreeText.plain().line(earlier)).startsWith("a… » b x  [2]");
    }

    @Test
    void shouldMarkThemInHtmlAndPerfetto() throws IOException {
        Trace trace = Spans.trace(earlier);
        StringBuilder html = new StringBuilder();
        HtmlReport.write(trace, html);
        StringBuilder perfetto = new StringBuilder();
        PerfettoTrace.write(trace, perfetto);

        assertThat(html)
                .contains("\"filename\":\"/usr/bin/a\",\"filenameTruncated\":true,")
                .contains("\"filename\":\"/bin/b\",\"filenameTruncated\":false,")
                .contains("The end of the filename is missing.");
        assertThat(perfetto)
                .contains("\"filename\":\"/usr/bin/a\",\"filename_truncated\":true")
                .contains("\"filename\":\"/bin/b\",\"filename_truncated\":false");
    }
}
