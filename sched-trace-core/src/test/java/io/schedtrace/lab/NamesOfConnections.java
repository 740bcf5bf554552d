package io.schedtrace.lab;

import io.schedtrace.ProcessTreeTracer;
import io.schedtrace.model.HostName;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.Trace;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;

/** Runs commands and looks at the names of what they connect to. */
public final class NamesOfConnections {
    private static final Duration TIMEOUT = Patience.seconds(60);

    private NamesOfConnections() {}

    /** The trace of a command that is expected to succeed. */
    public static Trace trace(ProcessTreeTracer.Builder tracer, ProcessBuilder command)
            throws IOException, InterruptedException {
        try (ProcessTreeTracer t = tracer.open()) {
            Process process = t.start(command.redirectOutput(Redirect.DISCARD));
            int code = process.waitFor();
            Trace trace = t.awaitTree(TIMEOUT);
            if (code != 0) {
                throw new IOException("exit status " + code + " of " + command.command() + "\n" + trace);
            }
            return trace;
        }
    }

    /** The clients' ends of the connections to a port, in the order of their beginning. */
    public static List<TcpSpan> clients(Trace trace, int port) {
        return trace.connections().stream()
                .filter(span ->
                        span.role() == TcpSpan.Role.CLIENT && span.peer().getPort() == port)
                .toList();
    }

    /** The names of the peer of the first connection to a port: {@code name (origin)}. */
    public static List<String> peerHosts(Trace trace, int port) {
        List<TcpSpan> clients = clients(trace, port);
        if (clients.isEmpty()) {
            throw new AssertionError("no connection to port " + port + " in\n" + trace);
        }
        return names(clients.get(0).peerHosts());
    }

    /** Names as {@code name (origin)}. */
    public static List<String> names(List<HostName> hosts) {
        return hosts.stream()
                .map(host -> host.name() + " (" + host.origin() + ")")
                .toList();
    }
}
