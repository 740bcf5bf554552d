package io.schedtrace.internal.names;

import io.schedtrace.model.HostName;
import java.util.ArrayList;
import java.util.List;

/** The names of one address, best first, without duplicates. What exceeds {@link AddressNames#MAX_NAMES} is ignored. */
final class FoundNames {
    private final List<HostName> names = new ArrayList<>(0);

    boolean isEmpty() {
        return names.isEmpty();
    }

    void add(HostName name) {
        if (names.size() < AddressNames.MAX_NAMES && !has(name.name())) {
            names.add(name);
        }
    }

    private boolean has(String name) {
        for (HostName known : names) {
            if (known.name().equals(name)) {
                return true;
            }
        }
        return false;
    }

    void addAll(List<HostName> more) {
        for (int i = 0; i < more.size(); i++) {
            add(more.get(i));
        }
    }

    List<HostName> toList() {
        return List.copyOf(names);
    }
}
