package io.schedtrace.internal.names;

import io.schedtrace.model.HostName;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names that one process knows: names that it asked for, names that it was given with an address, and candidates,
 * which it was given without. It refers to its nearest 64 to 128 ancestors.
 */
final class ProcessNames {
    private static final int GENERATIONS = 64;

    private final int limit;
    private final int generation;
    private final AddressNames asked;
    private final AddressNames told;
    private volatile @Nullable ProcessNames parent;
    private volatile List<HostName> candidates = List.of();
    private volatile @Nullable HostsFile hosts;
    private volatile boolean wanted;
    private volatile long lastConnect;

    /** @param limit the most candidates, and the most addresses with names */
    ProcessNames(@Nullable ProcessNames parent, int limit) {
        this.parent = parent;
        this.limit = limit;
        this.asked = new AddressNames(limit);
        this.told = new AddressNames(limit);
        this.generation = parent == null ? 0 : parent.generation + 1;
        if (generation > 0 && generation % GENERATIONS == 0) {
            forgetOldest();
        }
    }

    private void forgetOldest() {
        ProcessNames ancestor = this;
        for (int i = 0; i < GENERATIONS && ancestor != null; i++) {
            ancestor = ancestor.parent;
        }
        if (ancestor != null) {
            ancestor.parent = null;
        }
    }

    @Nullable
    ProcessNames parent() {
        return parent;
    }

    /** Adds candidates before those of earlier programs; returns how many were dropped. */
    int addCandidates(List<HostName> added) {
        List<HostName> all = new ArrayList<>(added);
        for (HostName old : candidates) {
            if (added.stream().noneMatch(name -> name.name().equals(old.name()))) {
                all.add(old);
            }
        }
        int dropped = Math.max(0, all.size() - limit);
        candidates = List.copyOf(all.subList(0, all.size() - dropped));
        return dropped;
    }

    List<HostName> candidates() {
        return candidates;
    }

    /** The names that the process asked for, by the addresses that it got. */
    AddressNames asked() {
        return asked;
    }

    /** The names that its program was given together with their addresses. */
    AddressNames told() {
        return told;
    }

    void hosts(HostsFile file) {
        hosts = file;
    }

    /** Returns the hosts file of the process or, if unknown, of its nearest ancestor; null if none is known. */
    @Nullable
    HostsFile hosts() {
        for (ProcessNames process = this; process != null; process = process.parent) {
            HostsFile file = process.hosts;
            if (file != null) {
                return file;
            }
        }
        return null;
    }

    /** Whether its candidates are to be looked up, because it or a descendant has connected. */
    boolean wanted() {
        return wanted;
    }

    void want() {
        wanted = true;
    }

    /** Records a connection at {@code now}; returns whether it is the first one within {@code nanos}. */
    boolean connects(long now, long nanos) {
        if (wanted && now - lastConnect < nanos) {
            return false;
        }
        lastConnect = now;
        return true;
    }

    /** Returns whether the process knows the address of {@code name} without a lookup. */
    boolean knowsAddressOf(String name) {
        HostsFile file = hosts();
        return (file != null && file.knows(name)) || asked.knows(name) || told.knows(name);
    }

    /** Returns the candidates that have {@code address} in the hosts file, in order. */
    List<HostName> usedHosts(InetAddress address) {
        HostsFile file = candidates.isEmpty() ? null : hosts();
        if (file == null) {
            return List.of();
        }
        Set<String> known = file.names(address);
        List<HostName> used = new ArrayList<>(0);
        for (HostName candidate : candidates) {
            if (known.contains(candidate.name())) {
                used.add(new HostName(candidate.name(), HostsFileSource.ORIGIN));
            }
        }
        return used;
    }
}
