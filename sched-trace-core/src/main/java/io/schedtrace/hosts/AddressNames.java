package io.schedtrace.hosts;

import io.schedtrace.HostName;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Names of addresses, in the order in which they were learned. Of too many addresses the oldest are forgotten. */
final class AddressNames {
    /** Further names of one address are dropped. */
    static final int MAX_NAMES = 16;

    private final Map<InetAddress, List<HostName>> names = new LinkedHashMap<>(2);
    private final int limit;

    /** @param limit how many addresses are kept */
    AddressNames(int limit) {
        this.limit = limit;
    }

    /** Adds a name of an address; false if something had to be dropped for it, or it was. */
    synchronized boolean add(InetAddress address, HostName name) {
        List<HostName> known = names.computeIfAbsent(address, key -> new ArrayList<>(1));
        if (known.stream().anyMatch(other -> other.name().equals(name.name()))) {
            return true;
        }
        if (known.size() >= MAX_NAMES) {
            return false;
        }
        known.add(name);
        if (names.size() <= limit) {
            return true;
        }
        Iterator<InetAddress> oldest = names.keySet().iterator();
        oldest.next();
        oldest.remove();
        return false;
    }

    /** The names of {@code address}. */
    synchronized List<HostName> get(InetAddress address) {
        List<HostName> known = names.get(address);
        return known == null ? List.of() : List.copyOf(known);
    }

    /** Whether {@code name} is a name of any address. */
    synchronized boolean knows(String name) {
        return names.values().stream()
                .anyMatch(known -> known.stream().anyMatch(host -> host.name().equals(name)));
    }
}
