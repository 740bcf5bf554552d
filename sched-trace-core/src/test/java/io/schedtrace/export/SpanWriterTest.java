package io.schedtrace.export;

import static io.schedtrace.lab.Spans.connection;
import static io.schedtrace.lab.Spans.process;
import static io.schedtrace.lab.Spans.trace;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TraceListener;
import io.schedtrace.model.TreeText;
import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpanWriterTest {
    private final ProcessSpan ended = process(1, "ended").build();
    private final ProcessSpan running =
            process(2, "running").under(ended).running().build();
    private final TcpSpan closed = connection(3, ended).build();
    private final TcpSpan open = connection(4, running).open().build();

    @Test
    void shouldWriteEachSpanAtItsEndAndOpenOnesAtTheClose() {
        StringBuilder out = new StringBuilder();
        TraceListener lines = JsonLines.to(out);

        lines.processStarted(ended);
        lines.connectionOpened(closed);
        assertThat(out).isEmpty();
        lines.connectionEnded(closed);
        lines.processEnded(ended);
        assertThat(ids(out)).containsExactly("header", "3", "1");
        lines.traceClosed(trace(ended, running, closed, open));

        assertThat(ids(out)).containsExactly("header", "3", "1", "2", "4", "trace");
    }

    @Test
    void shouldWriteSpansWhoseEndItWasNotToldOf() {
        StringBuilder out = new StringBuilder();
        TextLines.to(out).traceClosed(trace(ended, closed));
        assertThat(out.toString().lines()).hasSize(2);
    }

    @Test
    void shouldFlushEachLine() {
        StringWriter seen = new StringWriter();
        TraceListener lines = TextLines.to(new BufferedWriter(seen));
        lines.processEnded(ended);
        assertThat(seen.toString()).startsWith("type=process").endsWith("\n");
    }

    @Test
    void shouldWriteALineInOneCall() {
        List<CharSequence> calls = new ArrayList<>();
        TraceListener lines = JsonLines.to(new Appendable() {
            @Override
            public Appendable append(CharSequence text) {
                calls.add(text);
                return this;
            }

            @Override
            public Appendable append(CharSequence text, int start, int end) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Appendable append(char c) {
                throw new UnsupportedOperationException();
            }
        });
        lines.processEnded(ended);
        assertThat(calls).hasSize(2);
    }

    @Test
    void shouldStopWhenTheReaderHasGoneAway() {
        int[] calls = {0};
        Writer broken = new Writer() {
            @Override
            public void write(char[] buffer, int from, int length) throws IOException {
                calls[0]++;
                throw new IOException("Broken pipe");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {
                throw new IllegalStateException("not to be closed");
            }
        };
        TraceListener lines = TextLines.to(broken);
        lines.processEnded(ended);
        lines.connectionEnded(closed);
        lines.traceClosed(trace(ended, running, closed, open));
        assertThat(calls[0]).isOne();
    }

    @Test
    void shouldNoticeThatAPrintStreamHasFailed() {
        int[] calls = {0};
        TraceListener lines = TextLines.to(new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        calls[0]++;
                        throw new IOException("Broken pipe");
                    }
                },
                false,
                StandardCharsets.UTF_8));
        lines.processEnded(ended);
        int first = calls[0];
        lines.connectionEnded(closed);
        assertThat(calls[0]).isEqualTo(first);
    }

    @Test
    void shouldDrawTheTreeAtTheClose() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TraceListener tree = TreeText.plain().to(new PrintStream(bytes, false, StandardCharsets.UTF_8));
        tree.processEnded(ended);
        assertThat(bytes.size()).isZero();
        tree.traceClosed(trace(ended));
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .startsWith("ended  [1] 1.11 s\n1 process, ")
                .endsWith("\n");
    }

    private static List<String> ids(CharSequence out) {
        return out.toString()
                .lines()
                .map(line -> line.startsWith("{\"type\":\"trace\"") || line.startsWith("{\"type\":\"header\"")
                        ? line.substring(9, line.indexOf('"', 9))
                        : line.replaceAll(".*\"span_id\":\"0*([0-9a-f]+)\",\"parent.*", "$1"))
                .toList();
    }
}
