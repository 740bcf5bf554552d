package io.schedtrace.export;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import io.schedtrace.analysis.TraceSummary;
import io.schedtrace.internal.text.Constants;
import io.schedtrace.internal.text.Printable;
import io.schedtrace.internal.text.TreeWalk;
import io.schedtrace.model.Labels;
import io.schedtrace.model.Redactor;
import io.schedtrace.model.Span;
import io.schedtrace.model.Trace;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The data of {@link HtmlReport}: JSON that may stand in a {@code script} element. Spans come in the order of the
 * tree.
 */
final class HtmlData {
    private static final JsonFactory FACTORY =
            new JsonFactoryBuilder().characterEscapes(new HtmlEscapes()).build();

    private HtmlData() {}

    static String of(Trace trace, Labels labels, Redactor redactor) {
        List<Span> spans = new ArrayList<>();
        new TreeWalk<>(trace.top(), trace::below).forEach((before, span) -> spans.add(span));
        TimeRange range = TimeRange.of(spans);
        StringWriter out = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.writeStartObject();
            json.writeFieldName("trace");
            trace(json, trace, labels, HtmlPage.title(trace, redactor), range);
            json.writeArrayFieldStart("spans");
            HtmlSpan writer = new HtmlSpan(json, range.start(), redactor, trace.session() != null);
            for (Span span : spans) {
                writer.write(span);
            }
            json.writeEndArray();
            json.writeFieldName("summary");
            HtmlSummary.write(json, TraceSummary.of(trace), spans, redactor, range.start());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }

    private static void trace(JsonGenerator json, Trace trace, Labels labels, String title, TimeRange range)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("id", trace.traceId().toString());
        json.writeStringField("via", Constants.lower(trace.via()));
        json.writeStringField("title", title);
        json.writeStringField("start", TimeRange.epochNanos(range.start()).toString());
        json.writeNumberField("duration", range.length().toNanos());
        json.writeArrayFieldStart("labels");
        if (labels.name() != null) {
            json.writeString(Printable.escape(labels.name()));
        }
        for (Map.Entry<String, String> attribute : labels.attributes().entrySet()) {
            json.writeString(attribute.getKey() + "=" + Printable.escape(attribute.getValue()));
        }
        json.writeEndArray();
        json.writeArrayFieldStart("lost");
        for (String lost : trace.loss().describe()) {
            json.writeString(lost);
        }
        json.writeEndArray();
        json.writeNumberField("truncated", trace.loss().truncated());
        json.writeEndObject();
    }
}
