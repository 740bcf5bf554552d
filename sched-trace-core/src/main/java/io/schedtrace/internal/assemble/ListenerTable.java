package io.schedtrace.internal.assemble;

import io.schedtrace.internal.record.TraceRecord.ListenerChanged;
import io.schedtrace.model.ListenSpan;
import io.schedtrace.model.SpanId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The listeners of a session, by their numbers. Guarded by the assembler's lock. */
final class ListenerTable {
    private final Context context;
    private final ProcessTable processes;
    private final Map<Long, Listener> listeners = new LinkedHashMap<>();

    /** The last record of a listener holds everything. */
    private record Listener(SpanId spanId, ListenerChanged last) {}

    ListenerTable(Context context, ProcessTable processes) {
        this.context = context;
        this.processes = processes;
    }

    void changed(ListenerChanged record) {
        Listener known = listeners.get(record.id());
        Listener listener = new Listener(known == null ? SpanId.random() : known.spanId, record);
        listeners.put(record.id(), listener);
        if (context.events().wanted()) {
            ListenSpan span = span(listener);
            if (known == null) {
                context.events().publish(to -> to.listenStarted(span));
            }
            if (record.ended() && context.publishEnd(to -> to.listenEnded(span))) {
                listeners.remove(record.id());
            }
        }
    }

    List<ListenSpan> spans() {
        List<ListenSpan> spans = new ArrayList<>(listeners.size());
        listeners.values().forEach(listener -> spans.add(span(listener)));
        return spans;
    }

    private ListenSpan span(Listener listener) {
        ListenerChanged last = listener.last;
        SpanId process = processes.spanIdOf(last.header().process());
        long pid = last.header().pid();
        long end =
                last.ended() ? last.header().time() : Math.max(context.system().monotonicNanos(), last.start());
        return ListenSpan.builder()
                .traceId(context.traceId())
                .spanId(listener.spanId)
                .parentSpanId(process == null ? context.rootParent() : process)
                .processSpanId(process)
                .pid(pid == 0 ? null : pid)
                .address(last.address())
                .port(last.port())
                .startTime(context.clock().at(last.start()))
                .endTime(last.ended() ? context.clock().at(end) : null)
                .duration(Duration.ofNanos(end - last.start()))
                .complete(last.ended() && !last.lossy())
                .build();
    }
}
