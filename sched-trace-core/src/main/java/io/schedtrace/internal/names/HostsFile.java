package io.schedtrace.internal.names;

import io.schedtrace.hosts.HostSink;
import io.schedtrace.internal.text.HostText;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** The content of a hosts file: names of addresses, in the order of the file. Immutable. */
final class HostsFile {
    /** The most pairs of an address and a name; further ones are ignored. */
    static final int MAX_PAIRS = 16_384;

    private final Map<InetAddress, Set<String>> byAddress = new LinkedHashMap<>();
    private final Set<String> names = new LinkedHashSet<>();

    private HostsFile() {}

    /** Parses the text of a hosts file, see hosts(5). Invalid lines are skipped. */
    static HostsFile parse(String text) {
        HostsFile file = new HostsFile();
        int pairs = 0;
        for (String line : text.split("\n", -1)) {
            int comment = line.indexOf('#');
            String[] words =
                    (comment < 0 ? line : line.substring(0, comment)).strip().split("\\s+", -1);
            String address = words[0];
            int zone = address.indexOf('%');
            InetAddress known = HostText.address(zone < 0 ? address : address.substring(0, zone));
            for (int i = 1; known != null && i < words.length && pairs < MAX_PAIRS; i++) {
                pairs += file.add(known, words[i]) ? 1 : 0;
            }
        }
        return file;
    }

    private boolean add(InetAddress address, String word) {
        String name = HostText.normalize(word);
        if (name == null) {
            return false;
        }
        names.add(name);
        return byAddress.computeIfAbsent(address, key -> new LinkedHashSet<>(2)).add(name);
    }

    /** Returns the names of {@code address}, in the order of the file. */
    Set<String> names(InetAddress address) {
        return byAddress.getOrDefault(address, Set.of());
    }

    /** Returns whether the file has an address for {@code name}. */
    boolean knows(String name) {
        return names.contains(name);
    }

    /** Reports all pairs as facts. */
    void report(HostSink sink) {
        byAddress.forEach((address, known) -> known.forEach(name -> sink.fact(name, address)));
    }
}
