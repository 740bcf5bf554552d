package io.schedtrace;

import static io.schedtrace.lab.Observed.assertPeers;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.lab.Clock;
import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.Observed;
import io.schedtrace.lab.Snippet;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TcpSpan.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** TCP_FASTOPEN_CONNECT: once there is a cookie, connect(2) returns at once and the first write sends the SYN. */
@KernelTest
class TcpFastOpenIT {
    private static final String WITH_COOKIE = """
            ls = listen(); ls.setsockopt(socket.IPPROTO_TCP, socket.TCP_FASTOPEN, 5)
            def lazily():
                c = socket.socket(); c.setsockopt(socket.IPPROTO_TCP, 30, 1); c.connect(ls.getsockname()); return c
            c = lazily(); c.send(b'cookie'); s = ls.accept()[0]; s.recv(9); s.close(); c.close(); time.sleep(0.1)
            """;

    private static Observed observe(String program) throws Exception {
        List<String> command = new ArrayList<>(List.of("unshare", "-n", "sh", "-c"));
        command.add("ip link set lo up && sysctl -qw net.ipv4.tcp_fastopen=3 && exec \"$0\" \"$@\"");
        command.addAll(Snippet.pythonCommand(WITH_COOKIE + program));
        try (Snippet snippet = Snippet.command(command)) {
            return snippet.finish();
        }
    }

    @Test
    void shouldBeginAConnectionWithItsSyn() throws Exception {
        Observed seen = observe("""
                c = lazily(); time.sleep(0.3); say('writing', time.time_ns()); c.send(b'late')
                s = ls.accept()[0]; s.recv(9); s.close(); c.close()
                """);
        TcpSpan client = seen.clients().get(1);
        TcpSpan server = seen.servers().get(1);

        assertPeers(client, server);
        assertThat(Clock.nanos(client.startTime())).isGreaterThan(Clock.nanos(seen, "writing") - 1_000_000);
        assertThat(client.startTime()).isBeforeOrEqualTo(server.startTime());
        assertThat(client.establishedTime()).isAfterOrEqualTo(client.startTime());
        assertThat(client.duration()).isLessThan(Duration.ofMillis(250));
        assertThat(client.outcome()).isEqualTo(Outcome.CLOSED);
        assertThat(client.counters().bytesSent()).isEqualTo(4);
    }

    @Test
    void shouldTellThatNothingWasSent() throws Exception {
        Observed seen = observe("c = lazily(); time.sleep(0.1); c.close()");
        TcpSpan client = seen.clients().get(1);

        assertThat(client.outcome()).isEqualTo(Outcome.ABANDONED);
        assertThat(client.error()).isNull();
        assertThat(client.establishedTime()).isNull();
        assertThat(client.counters().bytesSent()).isZero();
        assertThat(client.complete()).isTrue();
    }
}
