package io.schedtrace.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TcpSpan.Role;
import io.schedtrace.model.Trace;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/**
 * What a program told of itself, beside the trace of it.
 *
 * @param trace the trace
 * @param facts values by name
 */
public record Observed(Trace trace, Map<String, String> facts) {
    /** A fact that must be there. */
    public String fact(String name) {
        assertThat(facts).containsKey(name);
        return facts.get(name);
    }

    /** The client's ends, in order. */
    public List<TcpSpan> clients() {
        return of(Role.CLIENT);
    }

    /** The servers' ends, in order. */
    public List<TcpSpan> servers() {
        return of(Role.SERVER);
    }

    /** The only client's end. */
    public TcpSpan client() {
        assertThat(clients()).as("client ends of%n%s", trace).hasSize(1);
        return clients().get(0);
    }

    /** The only server's end. */
    public TcpSpan server() {
        assertThat(servers()).as("server ends of%n%s", trace).hasSize(1);
        return servers().get(0);
    }

    /** The process with the pid that a fact tells. */
    public ProcessSpan process(String fact) {
        long pid = Long.parseLong(fact(fact));
        return trace.processes().stream()
                .filter(process -> process.pid() == pid)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no process " + pid + " in\n" + trace));
    }

    /** Address and port as the prelude's {@code text()} has them. */
    public static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return ("0:0:0:0:0:0:0:1".equals(host) ? "::1" : host) + ' ' + address.getPort();
    }

    /** Asserts that both ends know each other, and that the server's span is the child of the client's. */
    public static void assertPeers(TcpSpan client, TcpSpan server) {
        assertThat(client.peerSpanId()).isEqualTo(server.spanId());
        assertThat(server.peerSpanId()).isEqualTo(client.spanId());
        assertThat(server.parentSpanId()).isEqualTo(client.spanId());
        assertThat(client.parentSpanId()).isEqualTo(client.processSpanId());
        assertThat(client.local()).isEqualTo(server.peer());
        assertThat(client.peer()).isEqualTo(server.local());
    }

    private List<TcpSpan> of(Role role) {
        return trace.connections().stream().filter(span -> span.role() == role).toList();
    }
}
