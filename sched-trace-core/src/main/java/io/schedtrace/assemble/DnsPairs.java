package io.schedtrace.assemble;

import io.schedtrace.bpf.RecordLayout;
import io.schedtrace.decode.KernelRecord;
import io.schedtrace.hosts.HostEvent;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pairs DNS answers with their queries. Of these the last few are kept: one that is not answered soon is not at all. */
final class DnsPairs {
    private static final int LIMIT = 1024;

    /** By number. */
    private final Map<Long, byte[]> queries = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, byte[]> eldest) {
            return size() > LIMIT;
        }
    };

    /** Takes a message; if it answers a query that was taken, both. */
    HostEvent.@Nullable DnsAnswer add(KernelRecord.Dns record) {
        if (record.header().type() == RecordLayout.DNS_QUERY) {
            queries.put(record.query(), record.message());
            return null;
        }
        byte[] query = queries.remove(record.query());
        return query == null ? null : new HostEvent.DnsAnswer(query, record.message());
    }
}
