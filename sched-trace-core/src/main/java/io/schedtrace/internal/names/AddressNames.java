package io.schedtrace.internal.names;

import io.schedtrace.model.HostName;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Maps addresses to names. Names that a program asked for come before those that only its resolver sent; both are in
 * the order in which they were learned. When there are too many addresses, the oldest are dropped.
 */
final class AddressNames {
    /** The most names of one address. */
    static final int MAX_NAMES = 16;

    private Map<InetAddress, Names> names = Map.of();
    private final int limit;

    /** The names of one address. A program asked for the first {@code programs} of them. */
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

    /** @param limit the most addresses */
    AddressNames(int limit) {
        this.limit = limit;
    }

    /** Adds a name that a resolver sent; returns false if it, or something else in its place, was dropped. */
    boolean add(InetAddress address, HostName name) {
        return add(address, name, false);
    }

    /** Like {@link #add(InetAddress, HostName)}, but for a name that a program asked for if {@code ofProgram}. */
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

    /** Returns the names of {@code address}. */
    synchronized List<HostName> get(InetAddress address) {
        Names known = names.get(address);
        return known == null ? List.of() : List.copyOf(known.all);
    }

    /** Returns whether any address has this name. */
    synchronized boolean knows(String name) {
        return names.values().stream().anyMatch(known -> known.indexOf(name) >= 0);
    }
}
