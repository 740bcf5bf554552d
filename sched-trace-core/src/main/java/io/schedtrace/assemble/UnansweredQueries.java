package io.schedtrace.assemble;

import java.util.LinkedHashMap;
import java.util.Map;

/** DNS queries by their number, the last few only: one that is not answered soon is not answered at all. */
final class UnansweredQueries extends LinkedHashMap<Long, byte[]> {
    private static final long serialVersionUID = 1;
    private static final int LIMIT = 1024;

    @Override
    protected boolean removeEldestEntry(Map.Entry<Long, byte[]> eldest) {
        return size() > LIMIT;
    }
}
