package io.schedtrace.internal.names;

import io.schedtrace.model.HostName;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Names of addresses: first those that a program asked for by its own, then what its resolver made of them, each in the
 * order in which they were learned. Of too many addresses the oldest are forgotten.
 */
final class AddressNames {
    /** Further names of one address are dropped. */
    static final int MAX_NAMES = 16;

    private Map<InetAddress, Names> names = Map.of();
    private final int limit;

    /** The names of one address, of which the first so many are those that a program asked for. */
    private static final class Names {
        final List<HostName> all = new ArrayList<>(1);
        int programs;

        int indexOf(String name) {
            for (int i = 0; i < all.size(); i++) {
                if (all.get(i).name().equals(name)) {
                    return i;
                }
            }
            return -1;
        }

        boolean add(HostName name, boolean ofProgram) {
            int at = indexOf(name.name());
            if (at >= 0 && (!ofProgram || at < programs)) {
                return true;
            }
            if (at < 0 && !ofProgram) {
                return all.size() < MAX_NAMES && all.add(name);
            }
            all.add(programs++, at < 0 ? name : all.remove(at));
            if (all.size() > MAX_NAMES) {
                all.remove(MAX_NAMES);
                programs = Math.min(programs, MAX_NAMES);
                return false;
            }
            return true;
        }
    }

    /** @param limit how many addresses are kept */
    AddressNames(int limit) {
        this.limit = limit;
    }

    /** Adds a name of an address; false if something had to be dropped for it, or it was. */
    boolean add(InetAddress address, HostName name) {
        return add(address, name, false);
    }

    /** The same for a name that a program asked for if {@code ofProgram}, else for one that its resolver sent. */
    synchronized boolean add(InetAddress address, HostName name, boolean ofProgram) {
        if (names.isEmpty()) {
            names = new LinkedHashMap<>(2); // most processes never need one
        }
        if (!names.computeIfAbsent(address, key -> new Names()).add(name, ofProgram)) {
            return false;
        }
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
        Names known = names.get(address);
        return known == null ? List.of() : List.copyOf(known.all);
    }

    /** Whether {@code name} is a name of any address. */
    synchronized boolean knows(String name) {
        return names.values().stream().anyMatch(known -> known.indexOf(name) >= 0);
    }
}
