package io.schedtrace.internal.names;

import io.schedtrace.model.HostName;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one process knows: names that it asked for, names that it was told the address of, names that it was told. It
 * holds on to its ancestors, 64 to 128 generations of them.
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

    /** @param limit how many candidates, and how many addresses with names, are kept */
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

    /** Adds names that the process was told; those of the latest program come first. Returns how many were dropped. */
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

    /** Names that the process asked for and got the address of. */
    AddressNames asked() {
        return asked;
    }

    /** Names that its program was given together with their addresses. */
    AddressNames told() {
        return told;
    }

    void hosts(HostsFile file) {
        hosts = file;
    }

    /** The hosts file that the process sees: its own as far as known, else that of the nearest ancestor. */
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

    /** Whether its candidates are wanted, since the process or one that descends from it has connected. */
    boolean wanted() {
        return wanted;
    }

    void want() {
        wanted = true;
    }

    /** Whether a connection at {@code now} is the first one for {@code nanos}; remembers it then. */
    boolean connects(long now, long nanos) {
        if (wanted && now - lastConnect < nanos) {
            return false;
        }
        lastConnect = now;
        return true;
    }

    /** Whether it has the address of {@code name} without a lookup. */
    boolean knowsAddressOf(String name) {
        HostsFile file = hosts();
        return (file != null && file.knows(name)) || asked.knows(name) || told.knows(name);
    }

    /** Names of {@code address} in the hosts file that it was told, in the order of the candidates. */
    List<HostName> usedHosts(InetAddress address) {
        HostsFile file = hosts();
        Set<String> known = file == null ? Set.of() : file.names(address);
        return known.isEmpty()
                ? List.of()
                : candidates.stream()
                        .filter(candidate -> known.contains(candidate.name()))
                        .map(candidate -> new HostName(candidate.name(), HostsFileSource.ORIGIN))
                        .toList();
    }
}
