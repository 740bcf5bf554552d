package io.schedtrace.export;

import io.schedtrace.internal.text.Human;
import io.schedtrace.model.Labels;
import io.schedtrace.model.ListenSpan;
import io.schedtrace.model.Loss;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.SessionSpan;
import io.schedtrace.model.Span;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TraceId;
import io.schedtrace.model.Via;
import java.io.IOException;
import java.io.InputStream;
import java.nio.CharBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a file of {@link JsonFormat}, a line at a time. */
final class TraceFileReader {
    private static final int LONGEST_LINE = 64 << 20;
    /** What a span takes in memory beside its strings. */
    private static final int SPAN_SIZE = 600;
    /** What a value takes while its line is read, with a lot to spare. */
    private static final int VALUE_SIZE = 256;

    private static final String NOT_A_TRACE =
            "this is not a saved trace; sched-trace --format json -o FILE -- COMMAND writes one";

    private final Path file;
    private final long memory;
    private final ForeignFields foreign = new ForeignFields();
    private final SpanReader spans = new SpanReader(foreign);
    private final List<ProcessSpan> processes = new ArrayList<>();
    private final List<TcpSpan> connections = new ArrayList<>();
    private final List<ListenSpan> listeners = new ArrayList<>();
    private final Set<SpanId> ids = new HashSet<>();
    private @Nullable Header header;
    private @Nullable SessionSpan session;
    private @Nullable End end;
    private @Nullable String cut;
    private long used;
    private long number;

    private record Header(TraceId traceId, boolean streamed, Labels labels) {}

    private record End(@Nullable SpanId parent, Via via, Loss.Builder loss, SpanFormat.Counts counts) {}

    /** @param memory how many bytes the trace may take, roughly */
    TraceFileReader(Path file, long memory) {
        this.file = file;
        this.memory = memory;
    }

    TraceFile read(InputStream in) throws IOException {
        LineReader lines = new LineReader(in, (int) Math.min(LONGEST_LINE, memory / 4));
        number = 1;
        try {
            while (lines.next()) {
                read(lines);
                number++;
            }
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new TraceFileException(file, number, String.valueOf(e.getMessage()));
        }
        if (header == null) {
            throw new TraceFileException(file, 0, number == 1 ? "the file is empty; " + NOT_A_TRACE : NOT_A_TRACE);
        }
        return finish(header);
    }

    private void read(LineReader line) throws TraceFileException {
        if (header == null && !line.beginsWith('{')) {
            throw new TraceFileException(file, number, NOT_A_TRACE);
        }
        used += SPAN_SIZE + line.length();
        if (used > memory) {
            throw new TraceFileException(
                    file,
                    number,
                    "up to here the trace takes " + Human.bytes(memory)
                            + ", half of the memory of this JVM; give it more"
                            + " by -Xmx, for example in JAVA_TOOL_OPTIONS");
        }
        if (end != null) {
            throw new IllegalArgumentException("it follows the end of the trace; a file holds one trace");
        }
        JsonObject json;
        try {
            CharBuffer characters = line.characters();
            json = JsonObject.parse("this line", characters.array(), characters.limit(), memory / VALUE_SIZE);
        } catch (IllegalArgumentException e) {
            if (line.ended() || header == null) {
                throw e;
            }
            cut = "line " + number + " is cut off";
            return;
        }
        take(json);
    }

    private void take(JsonObject json) throws TraceFileException {
        String type = json.required("type", json.text("type"));
        if (header == null) {
            header = header(type, json);
            return;
        }
        switch (type) {
            case "process" -> add(spans.process(json, traceId(json)), processes);
            case "tcp" -> add(spans.connection(json, traceId(json)), connections);
            case "listen" -> add(spans.listener(json, traceId(json)), listeners);
            case "session" -> session(spans.session(json, traceId(json)));
            case "trace" -> end = end(json);
            case "header" -> throw new IllegalArgumentException("a second trace begins here; a file holds one trace");
            default -> foreign.addLine(type, json);
        }
    }

    private Header header(String type, JsonObject json) throws TraceFileException {
        if (!type.equals("header") || !"sched-trace".equals(json.text("format"))) {
            throw new TraceFileException(file, number, NOT_A_TRACE);
        }
        long version = json.required("version", json.number("version", 1, Long.MAX_VALUE));
        if (version > JsonFormat.VERSION) {
            throw new TraceFileException(
                    file,
                    number,
                    "the trace has version " + version + ", and this sched-trace knows version " + JsonFormat.VERSION
                            + "; read it with a later one");
        }
        TraceId traceId = json.required("trace_id", json.parsed("trace_id", TraceId::parse));
        boolean streamed = "end".equals(json.text("order"));
        Map<String, String> attributes = new LinkedHashMap<>();
        JsonObject given = json.object("attributes");
        for (String key : List.copyOf(given.rest().keySet())) {
            attributes.put(key, given.required(key, given.text(key)));
        }
        Labels labels = new Labels(json.text("name"), attributes);
        foreign.add(ForeignFields.HEADER, json);
        return new Header(traceId, streamed, labels);
    }

    /** Takes the trace id of a span, which is that of the trace. */
    private TraceId traceId(JsonObject json) {
        TraceId own = json.required("trace_id", json.parsed("trace_id", TraceId::parse));
        if (header == null || !own.equals(header.traceId)) {
            throw new IllegalArgumentException(
                    "it belongs to another trace than the first line, " + own + "; a file holds one trace");
        }
        return own;
    }

    private <S extends Span> void add(S span, List<S> to) {
        identify(span);
        to.add(span);
    }

    private void session(SessionSpan span) {
        identify(span);
        if (session != null) {
            throw new IllegalArgumentException("it is a second session; a trace has one");
        }
        session = span;
    }

    private void identify(Span span) {
        if (!ids.add(span.spanId())) {
            throw new IllegalArgumentException(
                    "another line has the span id " + span.spanId() + ", too; each span has an id of its own");
        }
    }

    private End end(JsonObject json) {
        traceId(json);
        Map<String, Long> records = new LinkedHashMap<>();
        JsonObject lost = json.object("lost_records");
        for (String type : List.copyOf(lost.rest().keySet())) {
            records.put(type, lost.required(type, lost.number(type, 0, Long.MAX_VALUE)));
        }
        Loss.Builder loss = Loss.builder()
                .recordsByType(records)
                .untracked(count(json, "untracked"))
                .truncated(count(json, "truncated"))
                .listenerEvents(count(json, "listener_events"))
                .cut(json.text("cut"));
        SpanFormat.Counts counts = new SpanFormat.Counts(
                (int) count(json, "processes"), (int) count(json, "connections"), (int) count(json, "listeners"));
        End read = new End(
                json.parsed("parent_span_id", SpanId::parse),
                json.required("via", json.parsed("via", text -> SpanReader.constant(Via.values(), text))),
                loss,
                counts);
        json.drop("lost", "name", "attributes");
        foreign.add(ForeignFields.TRACE, json);
        return read;
    }

    private static long count(JsonObject json, String name) {
        return json.required(name, json.number(name, 0, Integer.MAX_VALUE));
    }

    private TraceFile finish(Header first) throws TraceFileException {
        SpanId looping = ParentCheck.loop(processes);
        if (looping != null) {
            throw new TraceFileException(
                    file,
                    0,
                    "process " + looping + " is its own ancestor; a trace is a tree, so this file was changed");
        }
        if (first.streamed) {
            processes.sort(Comparator.comparing(Span::startTime));
            connections.sort(Comparator.comparing(Span::startTime));
            listeners.sort(Comparator.comparing(Span::startTime));
        }
        Loss.Builder loss = end == null ? Loss.builder() : end.loss;
        String missing = cut != null ? cut : end == null ? "its last line is missing" : missing(end.counts);
        if (missing != null) {
            loss.cut(missing);
        }
        Trace trace = Trace.builder()
                .traceId(first.traceId)
                .parentSpanId(end == null ? null : end.parent)
                .session(session)
                .processes(processes)
                .connections(connections)
                .listeners(listeners)
                .loss(loss.build())
                .via(end == null ? Via.BUILT : end.via)
                .build();
        return new TraceFile(trace, first.labels, foreign);
    }

    /** Says which spans that the last line counts are not in the file; null if none are missing. */
    private @Nullable String missing(SpanFormat.Counts expected) {
        SpanFormat.Counts found = new SpanFormat.Counts(processes.size(), connections.size(), listeners.size());
        return found.equals(expected)
                ? null
                : "it has " + found.processes() + " of " + Human.count(expected.processes(), "process", "processes")
                        + ", " + found.connections() + " of "
                        + Human.count(expected.connections(), "connection", "connections") + ", " + found.listeners()
                        + " of " + Human.count(expected.listeners(), "listener", "listeners");
    }
}
