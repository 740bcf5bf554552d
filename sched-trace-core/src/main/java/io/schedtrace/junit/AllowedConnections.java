package io.schedtrace.junit;

import io.schedtrace.internal.pattern.PeerPattern;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TcpSpan.Role;
import java.util.List;

/** The patterns of {@link TraceProcesses#allowConnections()}. */
final class AllowedConnections {
    private final List<PeerPattern> patterns;

    private AllowedConnections(List<PeerPattern> patterns) {
        this.patterns = patterns;
    }

    /** @throws IllegalArgumentException if one of them is no pattern; it names that one */
    static AllowedConnections parse(List<String> patterns) {
        return new AllowedConnections(
                patterns.stream().map(AllowedConnections::pattern).toList());
    }

    private static PeerPattern pattern(String text) {
        try {
            return PeerPattern.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("allowConnections: " + e.getMessage(), e);
        }
    }

    /** Whether there is nothing to check. */
    boolean allowsEverything() {
        return patterns.stream().anyMatch(pattern -> pattern.toString().equals("*"));
    }

    /** Of the connections that somebody made (not: accepted), those that no pattern fits. */
    List<TcpSpan> forbidden(List<TcpSpan> connections) {
        return connections.stream()
                .filter(connection -> connection.role() == Role.CLIENT)
                .filter(connection -> patterns.stream().noneMatch(pattern -> pattern.fits(connection)))
                .filter(connection -> patterns.stream().noneMatch(pattern -> pattern.leadsTo(connection)))
                .toList();
    }

    @Override
    public String toString() {
        return patterns.toString();
    }
}
