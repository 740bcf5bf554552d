package io.schedtrace.examples;

import io.schedtrace.Tracer;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.Trace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;

/**
 * A check that is meant to stay by itself, and does not: deep in its tree something reports to a server. The trace knows
 * who did, with what command line, and to whom; a try that fails is one, too.
 */
public final class HermeticCheck {
    private HermeticCheck() {}

    /** Runs the check beside a server that it should know nothing of, and tells who talked to it. */
    public static void main(String[] args) throws IOException, InterruptedException {
        try (ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            int port = server.getLocalPort();
            String script = "ls / >/dev/null; sh -c 'true; bash -c \"echo ping >/dev/tcp/127.0.0.1/" + port + "\"'";
            try (var t = Tracer.launch("sh", "-c", script)) {
                Trace trace = t.awaitTree(Duration.ofSeconds(30));
                System.out.println(trace);

                List<TcpSpan> strangers = strangers(trace);
                System.out.println(strangers.isEmpty() ? "The check is hermetic." : "The check is not hermetic:");
                strangers.forEach(connection -> System.out.println(describe(trace, connection)));
            }
        }
    }

    /** The connections that were made or tried; those that were accepted are another matter. */
    static List<TcpSpan> strangers(Trace trace) {
        return trace.connections().stream()
                .filter(connection -> connection.role() == TcpSpan.Role.CLIENT)
                .toList();
    }

    private static String describe(Trace trace, TcpSpan connection) {
        SpanId owner = connection.processSpanId();
        ProcessSpan process = owner == null ? null : trace.process(owner);
        return (process == null ? "somebody" : String.join(" ", process.arguments())) + " talked to "
                + connection.peerName() + ":" + connection.peer().getPort();
    }
}
