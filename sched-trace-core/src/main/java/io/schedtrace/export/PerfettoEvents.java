package io.schedtrace.export;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import io.schedtrace.internal.text.Printable;
import io.schedtrace.internal.text.TreeWalk;
import io.schedtrace.model.Labels;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Redactor;
import io.schedtrace.model.Span;
import io.schedtrace.model.Trace;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The document of {@link PerfettoTrace}. */
final class PerfettoEvents {
    private static final JsonFactory FACTORY =
            new JsonFactoryBuilder().characterEscapes(new JsonEscapes()).build();

    private final Trace trace;
    private final Redactor redactor;
    private final List<Span> spans = new ArrayList<>();
    private final List<ProcessSpan> processes = new ArrayList<>();
    private final TimeRange range;
    private final PerfettoTracks tracks;
    private final JsonGenerator json;

    private PerfettoEvents(Trace trace, Redactor redactor, JsonGenerator json) {
        this.trace = trace;
        this.redactor = redactor;
        this.json = json;
        new TreeWalk<>(trace.top(), trace::below).forEach((before, span) -> spans.add(span));
        new TreeWalk<>(trace.roots(), trace::children).forEach((before, process) -> processes.add(process));
        range = TimeRange.of(spans);
        tracks = new PerfettoTracks(trace);
    }

    static String of(Trace trace, Labels labels, Redactor redactor) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            new PerfettoEvents(trace, redactor, json).write(labels);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
    }

    private void write(Labels labels) throws IOException {
        json.writeStartObject();
        json.writeObjectFieldStart("otherData");
        json.writeStringField("trace_id", trace.traceId().toString());
        json.writeStringField("start_time", Timestamps.format(range.start()));
        json.writeStringField("lost", lost());
        if (labels.name() != null) {
            json.writeStringField("trace_name", Printable.escape(labels.name()));
        }
        if (!labels.attributes().isEmpty()) {
            json.writeObjectFieldStart("attributes");
            for (Map.Entry<String, String> attribute : labels.attributes().entrySet()) {
                json.writeStringField(attribute.getKey(), Printable.escape(attribute.getValue()));
            }
            json.writeEndObject();
        }
        json.writeEndObject();
        json.writeArrayFieldStart("traceEvents");
        name(tracks.session(), HtmlPage.title(trace, redactor), 0);
        int place = 0;
        for (ProcessSpan process : processes) {
            name(tracks.of(process), process.commandLine(redactor).name(), ++place);
        }
        if (!lost().isEmpty()) {
            event("i", "LOST: " + lost(), "loss", tracks.session(), 0)
                    .with("s", "g")
                    .close();
        }
        PerfettoSpans writer = new PerfettoSpans(json, range, tracks, redactor);
        for (Span span : spans) {
            writer.write(span);
        }
        counter("live processes", trace.processes());
        counter("open connections", trace.connections());
        json.writeEndArray();
        json.writeEndObject();
    }

    private String lost() {
        return String.join(", ", trace.loss().describe());
    }

    /** Names a track and puts it in its place. */
    private void name(long track, String name, int place) throws IOException {
        event("M", "process_name", "__metadata", track, 0)
                .argument("name", name)
                .close();
        event("M", "thread_name", "__metadata", track, 0).argument("name", name).close();
        event("M", "process_sort_index", "__metadata", track, 0)
                .argument("sort_index", place)
                .close();
    }

    /** A value at the start, and at each beginning and end. */
    private void counter(String name, List<? extends Span> counted) throws IOException {
        List<long[]> changes = new ArrayList<>();
        changes.add(new long[] {0, 0});
        for (Span span : counted) {
            long start = range.offset(span.startTime());
            changes.add(new long[] {start, 1});
            changes.add(new long[] {start + span.duration().toNanos(), -1});
        }
        changes.sort(Comparator.comparingLong(change -> change[0]));
        long value = 0;
        for (int i = 0; i < changes.size(); i++) {
            value += changes.get(i)[1];
            boolean last = i + 1 == changes.size() || changes.get(i + 1)[0] != changes.get(i)[0];
            if (last) {
                event("C", name, "count", tracks.session(), changes.get(i)[0])
                        .argument("count", value)
                        .close();
            }
        }
    }

    private TraceEvent event(String phase, String name, String category, long track, long nanos) throws IOException {
        return new TraceEvent(json, phase, name, category, track, nanos);
    }
}
