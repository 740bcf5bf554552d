package io.schedtrace.internal.names;

import io.schedtrace.hosts.HostLookup;
import io.schedtrace.internal.text.HostText;
import java.io.IOException;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A lookup from a table, which remembers what it was asked and can hang in names that are told to. */
final class FakeLookup implements HostLookup {
    final List<String> asked = new CopyOnWriteArrayList<>();
    final CountDownLatch released = new CountDownLatch(1);
    private final Map<String, List<InetAddress>> table = new HashMap<>();
    private final Set<String> hanging = ConcurrentHashMap.newKeySet();

    FakeLookup with(String name, String... addresses) {
        table.put(name, List.of(addresses).stream().map(FakeLookup::address).toList());
        return this;
    }

    /** Lookups of {@code name} neither return nor heed interrupts until {@link #released}. */
    FakeLookup hangingIn(String name) {
        hanging.add(name);
        return this;
    }

    @Override
    public List<InetAddress> lookup(String name) throws IOException {
        asked.add(name);
        while (hanging.contains(name) && released.getCount() > 0) {
            try {
                released.await();
            } catch (InterruptedException e) {
                // That is what a native lookup does.
            }
        }
        List<InetAddress> found = table.get(name);
        if (found == null) {
            throw new IOException("unknown");
        }
        return found;
    }

    static InetAddress address(String text) {
        InetAddress address = HostText.address(text);
        if (address == null) {
            throw new IllegalArgumentException(text);
        }
        return address;
    }
}
