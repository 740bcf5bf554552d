package io.schedtrace.export;

import static io.schedtrace.lab.Spans.DURATION;
import static io.schedtrace.lab.Spans.START;
import static io.schedtrace.lab.Spans.TRACE;
import static io.schedtrace.lab.Spans.connection;
import static io.schedtrace.lab.Spans.process;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.SessionSpan;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TreeText;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionFormatsTest {
    private final SessionSpan session = SessionSpan.builder()
            .traceId(TRACE)
            .spanId(new SpanId(0xabc))
            .name("a test\n")
            .startTime(START)
            .endTime(START.plus(DURATION))
            .build();
    private final SessionSpan open = SessionSpan.builder()
            .traceId(TRACE)
            .spanId(new SpanId(0xabc))
            .parentSpanId(new SpanId(1))
            .name("x")
            .startTime(START)
            .duration(DURATION)
            .build();
    private final ProcessSpan shell = process(2, "sh", "-c", "x").build();
    private final Trace trace = Trace.builder()
            .session(session)
            .processes(List.of(shell, process(3, "ls").under(shell).build()))
            .connections(
                    List.of(connection(10, null).build(), connection(11, shell).build()))
            .build();

    @Test
    void shouldStandAboveItsProcesses() {
        assertThat(TreeText.plain().format(trace).lines())
                .containsExactly(
                        "a test\\n  1.11 s",
                        "├─ → 10.0.0.7:6379  1.11 s  sent 1.21 KiB, received 5.42 MiB",
                        "└─ sh -c x  [2] 1.11 s",
                        "   ├─ → 10.0.0.7:6379  1.11 s  sent 1.21 KiB, received 5.42 MiB",
                        "   └─ ls  [3] 1.11 s",
                        "2 processes, 2 connections, trace " + TRACE);
        assertThat(TreeText.names(trace)).isEqualTo("sh\n└─ ls");
        assertThat(TreeText.plain().line(open)).isEqualTo("x  1.11 s  running");
        assertThat(TreeText.plain().line(shell)).isEqualTo("sh -c x  [2] 1.11 s");
    }

    @Test
    void shouldBeALineOfJsonAndText() throws IOException {
        String json = "{\"type\":\"session\",\"trace_id\":\"" + TRACE + "\",\"span_id\":\"0000000000000abc\","
                + "\"parent_span_id\":null,\"name\":\"a test\\n\",\"start_time\":\"2025-10-28T22:15:30.123456789Z\","
                + "\"end_time\":\"2025-10-28T22:15:31.234567890Z\",\"duration_ns\":1111111101,\"complete\":true}";
        String text = "type=session name=\"a test\\n\" start_time=2025-10-28T22:15:30.123456789Z"
                + " end_time=2025-10-28T22:15:31.234567890Z duration=1111111101ns span_id=0000000000000abc"
                + " parent_span_id=0000000000000000 trace_id=" + TRACE;
        assertThat(JsonLines.format(session)).isEqualTo(json);
        assertThat(TextLines.format(session)).isEqualTo(text);
        assertThat(JsonLines.format(open)).contains("\"parent_span_id\":\"0000000000000001\"", "\"end_time\":null");
        assertThat(TextLines.format(open)).contains(" end_time= ", " parent_span_id=0000000000000001 ");

        StringBuilder written = new StringBuilder();
        JsonLines.write(trace, written);
        assertThat(written.toString().lines()).hasSize(7).element(1).isEqualTo(json);
        StringBuilder live = new StringBuilder();
        TextLines.to(live).traceClosed(trace);
        assertThat(live.toString().lines()).hasSize(5).last().isEqualTo(text);
    }
}
