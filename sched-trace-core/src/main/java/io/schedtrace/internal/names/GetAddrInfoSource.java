package io.schedtrace.internal.names;

import io.schedtrace.hosts.DynamicSource;
import io.schedtrace.hosts.HostEvent;
import io.schedtrace.hosts.HostSink;

/** Reports the results of getaddrinfo(3) in a process as facts. The origin is {@code getaddrinfo}. */
public final class GetAddrInfoSource implements DynamicSource {
    /** Creates the source. It has no state. */
    public GetAddrInfoSource() {}

    @Override
    public String origin() {
        return "getaddrinfo";
    }

    @Override
    public void observe(HostEvent event, HostSink sink) {
        if (event instanceof HostEvent.NameResolved resolved) {
            resolved.addresses().forEach(address -> sink.fact(resolved.name(), address));
        }
    }
}
