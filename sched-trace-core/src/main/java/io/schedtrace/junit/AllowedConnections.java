package io.schedtrace.junit;

import io.schedtrace.TcpSpan;
import io.schedtrace.TcpSpan.Role;
import java.util.List;

/** The patterns of {@link TraceProcesses#allowConnections()}. */
final class AllowedConnections {
    private final List<ConnectionPattern> patterns;

    private AllowedConnections(List<ConnectionPattern> patterns) {
        this.patterns = patterns;
    }

    /** @throws IllegalArgumentException if one of them is no pattern; it names that one */
    static AllowedConnections parse(List<String> patterns) {
        return new AllowedConnections(
                patterns.stream().map(ConnectionPattern::parse).toList());
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
