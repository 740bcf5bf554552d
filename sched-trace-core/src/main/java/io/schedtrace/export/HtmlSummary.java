package io.schedtrace.export;

import com.fasterxml.jackson.core.JsonGenerator;
import io.schedtrace.analysis.CriticalPath;
import io.schedtrace.analysis.TraceSummary;
import io.schedtrace.internal.text.Printable;
import io.schedtrace.internal.text.ShellWord;
import io.schedtrace.model.Redactor;
import io.schedtrace.model.Span;
import io.schedtrace.model.SpanId;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The totals and the critical path in the data of {@link HtmlReport}. A row is the place of a span in the list of
 * spans.
 */
final class HtmlSummary {
    private HtmlSummary() {}

    static void write(JsonGenerator json, TraceSummary summary, List<Span> rows, Redactor redactor, Instant start)
            throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("programs");
        for (TraceSummary.Program program : summary.programs()) {
            json.writeStartObject();
            json.writeStringField("name", Printable.escape(ShellWord.of(redactor.text(program.name()))));
            json.writeNumberField("count", program.count());
            json.writeNumberField("wall", program.wallTime().toNanos());
            JsonNumbers.nanos(json, "cpu", program.cpuTime());
            JsonNumbers.write(json, "rss", program.peakMemoryBytes());
            json.writeNumberField("failed", program.failures());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeNumberField("length", summary.criticalPath().length().toNanos());
        json.writeArrayFieldStart("steps");
        Map<SpanId, Integer> places = new HashMap<>();
        for (Span span : rows) {
            places.put(span.spanId(), places.size());
        }
        TimeRange range = new TimeRange(start, summary.criticalPath().length());
        for (CriticalPath.Step step : summary.criticalPath().steps()) {
            json.writeStartObject();
            json.writeNumberField(
                    "row",
                    step.process() == null
                            ? -1
                            : places.getOrDefault(step.process().spanId(), -1));
            json.writeNumberField("at", range.offset(step.start()));
            json.writeNumberField("length", step.length().toNanos());
            json.writeBooleanField("gap", step.gap());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
