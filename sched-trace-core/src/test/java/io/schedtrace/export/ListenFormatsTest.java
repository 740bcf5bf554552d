package io.schedtrace.export;

import static io.schedtrace.lab.Spans.DURATION;
import static io.schedtrace.lab.Spans.START;
import static io.schedtrace.lab.Spans.TRACE;
import static io.schedtrace.lab.Spans.connection;
import static io.schedtrace.lab.Spans.process;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.lab.Spans;
import io.schedtrace.model.ListenSpan;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TraceListener;
import io.schedtrace.model.TreeText;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Listeners in each format. */
class ListenFormatsTest {
    private final ProcessSpan server = process(2, "redis-server").build();
    private final ListenSpan closed = ListenSpan.builder()
            .process(server)
            .spanId(new SpanId(20))
            .address(Spans.address("::"))
            .port(6379)
            .startTime(START)
            .endTime(START.plus(DURATION))
            .build();
    private final ListenSpan open = ListenSpan.builder()
            .traceId(TRACE)
            .spanId(new SpanId(21))
            .address(Spans.address("127.0.0.1"))
            .startTime(START)
            .duration(DURATION)
            .build();
    private final Trace trace = Trace.builder()
            .processes(List.of(server))
            .connections(List.of(connection(10, server).build()))
            .listeners(List.of(closed, open))
            .build();

    @Test
    void shouldStandBeforeConnectionsInTheTree() {
        assertThat(TreeText.plain().format(trace).lines())
                .containsExactly(
                        "listens on 127.0.0.1:?  1.11 s  open",
                        "redis-server  [2] 1.11 s",
                        "├─ listens on [::]:6379  1.11 s",
                        "└─ → 10.0.0.7:6379  1.11 s  sent 1.21 KiB, received 5.42 MiB",
                        "1 process, 1 connection, 2 listeners, trace " + TRACE);
        assertThat(TreeText.names(trace)).isEqualTo("redis-server");
        assertThat(TreeText.plain().brief().format(trace)).isEqualTo(trace.toString());
        ListenSpan lossy = closed.toBuilder().complete(false).build();
        assertThat(TreeText.plain().line(lossy)).isEqualTo("listens on [::]:6379  1.11 s  incomplete");
    }

    @Test
    void shouldBeALineOfJsonAndText() throws IOException {
        assertThat(JsonLines.format(closed))
                .isEqualTo("{\"type\":\"listen\",\"trace_id\":\"" + TRACE + "\",\"span_id\":\"0000000000000014\","
                        + "\"parent_span_id\":\"0000000000000002\",\"process_span_id\":\"0000000000000002\","
                        + "\"pid\":2,\"ip\":\"::\",\"port\":6379,"
                        + "\"start_time\":\"2025-10-28T22:15:30.123456789Z\","
                        + "\"end_time\":\"2025-10-28T22:15:31.234567890Z\",\"duration_ns\":1111111101,"
                        + "\"complete\":true}");
        assertThat(JsonLines.format(open))
                .contains(
                        "\"parent_span_id\":null,\"process_span_id\":null,\"pid\":null,\"ip\":\"127.0.0.1\",\"port\":null,",
                        "\"end_time\":null,");
        assertThat(TextLines.format(closed))
                .isEqualTo("type=listen pid=2 ip=:: port=6379 start_time=2025-10-28T22:15:30.123456789Z"
                        + " end_time=2025-10-28T22:15:31.234567890Z duration=1111111101ns span_id=0000000000000014"
                        + " parent_span_id=0000000000000002 trace_id=" + TRACE);
        assertThat(TextLines.format(open)).startsWith("type=listen pid= ip=127.0.0.1 port= start_time=");
        StringBuilder out = new StringBuilder();
        JsonLines.write(trace, out);
        assertThat(out.toString().lines()).hasSize(6).last().asString().contains("\"connections\":1,\"listeners\":2,");
    }

    @Test
    void shouldBeWrittenAtItsEndOrAtTheClose() {
        StringBuilder out = new StringBuilder();
        TraceListener lines = TextLines.to(out);
        lines.listenStarted(closed);
        lines.listenEnded(closed);
        assertThat(out.toString().lines()).containsExactly(TextLines.format(closed));
        lines.traceClosed(trace);
        assertThat(out.toString().lines()).hasSize(4).endsWith(TextLines.format(open));
    }

    @Test
    void shouldBeARowOfTheReport() throws IOException {
        StringBuilder page = new StringBuilder();
        HtmlReport.write(trace, page);
        assertThat(page)
                .contains("{\"kind\":\"listen\",\"id\":\"0000000000000014\",\"parent\":\"0000000000000002\",\"up\":1,"
                        + "\"at\":0,\"length\":1111111101,\"complete\":true,\"name\":\"listens on [::]:6379\",\"line\":\"\","
                        + "\"state\":\"closed\",\"status\":\"closed\"}")
                .contains(
                        "\"name\":\"listens on 127.0.0.1:?\",\"line\":\"\",\"state\":\"open\",\"status\":\"listening\"}");
    }

    @Test
    void shouldBeAnAsynchronousSliceOfItsProcess() throws IOException {
        StringBuilder out = new StringBuilder();
        PerfettoTrace.write(trace, out);
        List<Map<String, Object>> events =
                JsonValues.objects(JsonValues.object(JsonValues.parse(out.toString()))
                                .get("traceEvents"))
                        .stream()
                        .filter(event -> "listen".equals(event.get("cat")))
                        .toList();
        assertThat(events).extracting(event -> event.get("ph")).containsExactly("b", "e", "b", "e");
        assertThat(events)
                .extracting(event -> event.get("name"))
                .containsExactly(
                        "listens on 127.0.0.1:?",
                        "listens on 127.0.0.1:?",
                        "listens on [::]:6379",
                        "listens on [::]:6379");
        assertThat(events.get(2)).containsEntry("pid", 10_002L).containsEntry("id", "0x0000000000000014");
        assertThat(JsonValues.object(events.get(2).get("args")))
                .containsEntry("address", "::")
                .containsEntry("port", 6379L)
                .containsEntry("state", "closed")
                .containsEntry("parent_span_id", "0000000000000002");
        assertThat(JsonValues.object(events.get(0).get("args"))).doesNotContainKey("port");
    }
}
