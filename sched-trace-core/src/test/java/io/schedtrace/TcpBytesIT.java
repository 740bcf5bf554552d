package io.schedtrace;

import static io.schedtrace.lab.Observed.assertPeers;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.Observed;
import io.schedtrace.lab.Snippet;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TcpSpan.Outcome;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Payload bytes are those that the program sent, and no connection of many is lost or mixed up. */
@KernelTest
class TcpBytesIT {
    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0", "0, 1", "1048576, 1", "1, 1048576", "100000000, 20000000", "20000000, 100000000"})
    void shouldCountWhatWasSentBothWays(long up, long down) throws Exception {
        Observed seen = Snippet.observe("""
                up, down = int(sys.argv[1]), int(sys.argv[2]); ls = listen(); block = bytes(1 << 20)
                def send(s, n):
                    while n > 0: n -= s.send(block[:min(n, len(block))])
                    s.shutdown(socket.SHUT_WR)
                def serve():
                    s = ls.accept()[0]; t = threading.Thread(target=send, args=(s, down)); t.start()
                    assert drain(s) == up; t.join(); s.close()
                pid = child(serve)
                c = connect(port(ls)); t = threading.Thread(target=send, args=(c, up)); t.start()
                assert drain(c) == down; t.join(); c.close(); join(pid)
                """, up, down);

        assertThat(seen.client().counters().bytesSent()).isEqualTo(up);
        assertThat(seen.server().counters().bytesReceived()).isEqualTo(up);
        assertThat(seen.server().counters().bytesSent()).isEqualTo(down);
        assertThat(seen.client().counters().bytesReceived()).isEqualTo(down);
        assertThat(seen.trace().isComplete()).isTrue();
    }

    @Test
    @Tag("kernels")
    void shouldKeepTwoHundredConnectionsApart() throws Exception {
        int count = 200;
        Observed seen = Snippet.observe("""
                ls = listen(); n = int(sys.argv[1])
                clients = [connect(port(ls)) for i in range(n)]
                servers = [ls.accept()[0] for i in range(n)]
                def upload(i):
                    c = clients[i]; c.sendall(bytes(i)); c.shutdown(socket.SHUT_WR); assert drain(c) == 2 * i; c.close()
                def echo(i): s = servers[i]; k = drain(s); s.sendall(bytes(2 * k)); s.close()
                threads = [threading.Thread(target=f, args=(i,)) for f in (upload, echo) for i in range(n)]
                for t in threads: t.start()
                for t in threads: t.join()
                """, count);

        assertThat(seen.clients()).hasSize(count);
        assertThat(seen.servers()).hasSize(count);
        Set<Long> sizes = new HashSet<>();
        for (TcpSpan client : seen.clients()) {
            TcpSpan server = seen.servers().stream()
                    .filter(span -> span.spanId().equals(client.peerSpanId()))
                    .findFirst()
                    .orElseThrow();
            assertPeers(client, server);
            assertThat(client.outcome()).isEqualTo(Outcome.CLOSED);
            assertThat(server.counters().bytesReceived())
                    .isEqualTo(client.counters().bytesSent());
            assertThat(server.counters().bytesSent())
                    .isEqualTo(2 * client.counters().bytesSent());
            assertThat(client.counters().bytesReceived())
                    .isEqualTo(2 * client.counters().bytesSent());
            sizes.add(client.counters().bytesSent());
        }
        assertThat(sizes).hasSize(count);
        assertThat(seen.trace().isComplete()).isTrue();
    }
}
