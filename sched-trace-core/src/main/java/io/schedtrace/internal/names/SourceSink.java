package io.schedtrace.internal.names;

import io.schedtrace.hosts.HostSink;
import io.schedtrace.internal.text.HostText;
import io.schedtrace.model.HostName;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Collects what sources report during one call, up to a limit. */
final class SourceSink implements HostSink {
    /** A name with its address. */
    record Fact(HostName name, InetAddress address) {}

    private final int limit;
    private final Map<String, HostName> candidates = new LinkedHashMap<>();
    private final List<Fact> facts = new ArrayList<>();
    private String origin = "";
    private boolean open;
    private long dropped;

    SourceSink(int limit) {
        this.limit = limit;
    }

    /** Begins to accept names, with this origin. */
    synchronized void open(String origin) {
        this.origin = Objects.requireNonNull(origin, "origin");
        open = true;
    }

    /** Ignores names until {@link #open} is called again. */
    synchronized void close() {
        open = false;
    }

    @Override
    public synchronized void candidate(String name) {
        String host = open ? HostText.normalize(name) : null;
        if (host == null || candidates.containsKey(host)) {
            return;
        }
        if (candidates.size() >= limit) {
            dropped++;
        } else {
            candidates.put(host, new HostName(host, origin));
        }
    }

    @Override
    public synchronized void fact(String name, InetAddress address) {
        String host = open ? HostText.normalize(name) : null;
        if (host == null) {
            return;
        }
        if (facts.size() >= limit) {
            dropped++;
        } else {
            facts.add(new Fact(new HostName(host, origin), address));
        }
    }

    synchronized List<HostName> candidates() {
        return List.copyOf(candidates.values());
    }

    synchronized List<Fact> facts() {
        return List.copyOf(facts);
    }

    synchronized long dropped() {
        return dropped;
    }
}
