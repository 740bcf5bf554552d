package io.schedtrace.internal.assemble;

import io.schedtrace.model.SpanId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The span ids of the processes that were let go last: a connection may end after its process. */
final class RecentSpans {
    private static final int MOST = 10_000;

    private final Map<Long, SpanId> ids = new LinkedHashMap<>();

    void add(long process, SpanId span) {
        ids.put(process, span);
        if (ids.size() > MOST) {
            ids.remove(ids.keySet().iterator().next());
        }
    }

    @Nullable
    SpanId get(long process) {
        return ids.get(process);
    }
}
