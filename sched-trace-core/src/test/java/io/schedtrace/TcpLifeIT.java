package io.schedtrace;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.Observed;
import io.schedtrace.lab.Snippet;
import io.schedtrace.model.TcpSpan;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * The same connections as tcplife of libbpf-tools sees them, by another program on the same tracepoint.
 *
 * <p>tcplife prints bytes_acked and bytes_received of the kernel in units of 1024 bytes with two digits. bytes_acked
 * counts the SYN of a client and a FIN that has been acknowledged as a byte each, bytes_received the peer's FIN; what the
 * program sent, which the trace shows, is less by up to 2.
 */
@KernelTest
class TcpLifeIT {
    private static final double ROUNDING = 0.005;

    private record Life(String local, String peer, double sent, double received) {
        static Life of(String line) {
            String[] f = line.trim().split("\\s+");
            int n = f.length;
            return new Life(
                    f[n - 7] + ' ' + f[n - 6],
                    f[n - 5] + ' ' + f[n - 4],
                    Double.parseDouble(f[n - 3]),
                    Double.parseDouble(f[n - 2]));
        }
    }

    @Test
    void shouldAgreeWithTcplife() throws Exception {
        Process tcplife = startTcplife();
        List<Life> lives = new ArrayList<>();
        Observed seen;
        try (BufferedReader output = tcplife.inputReader()) {
            assertThat(output.readLine()).as("tcplife's header").contains("LADDR");
            seen = Snippet.observe("""
                    for host, n in (('127.0.0.1', 0), ('127.0.0.1', 1), ('::1', 5000), ('127.0.0.1', 300000), ('::1', 77777)):
                        ls = listen(host); c = connect(port(ls), host); s = ls.accept()[0]
                        def upload(): c.sendall(bytes(n)); c.shutdown(socket.SHUT_WR)
                        t = threading.Thread(target=upload); t.start(); assert drain(s) == n; t.join()
                        s.sendall(bytes(n // 3)); s.close(); assert drain(c) == n // 3; c.close(); ls.close()
                    """);
            while (lives.size() < seen.trace().connections().size()) {
                String line = output.readLine();
                assertThat(line).as("tcplife ended; it has seen %s", lives).isNotNull();
                Life life = Life.of(line);
                if (seen.trace().connections().stream().anyMatch(span -> isOf(life, span))) {
                    lives.add(life);
                }
            }
        } finally {
            tcplife.descendants().forEach(ProcessHandle::destroy);
            tcplife.destroy();
            tcplife.waitFor();
        }

        assertThat(seen.trace().connections()).hasSize(10).allSatisfy(span -> {
            Life life = lives.stream().filter(l -> isOf(l, span)).findFirst().orElseThrow();
            assertThat(life.sent() * 1024 - span.counters().bytesSent())
                    .isBetween(-ROUNDING * 1024, 2 + ROUNDING * 1024);
            assertThat(life.received() * 1024 - span.counters().bytesReceived())
                    .isBetween(-ROUNDING * 1024, 1 + ROUNDING * 1024);
        });
    }

    private static boolean isOf(Life life, TcpSpan span) {
        return life.local().equals(Observed.text(span.local())) && life.peer().equals(Observed.text(span.peer()));
    }

    /** In a mount namespace of its own with tracefs, which it needs and this machine may not have mounted. */
    private static Process startTcplife() throws Exception {
        String program = Stream.of("/usr/sbin/tcplife", "/usr/sbin/tcplife-libbpf")
                .filter(path -> Files.isExecutable(Path.of(path)))
                .findFirst()
                .orElse("");
        if (!"1".equals(System.getenv("SCHED_TRACE_REQUIRE"))) {
            Assumptions.assumeFalse(program.isEmpty(), "tcplife of libbpf-tools is not installed");
        }
        return new ProcessBuilder(
                        "unshare",
                        "-m",
                        "sh",
                        "-c",
                        "[ -d /sys/kernel/tracing/events ] || mount -t tracefs none /sys/kernel/tracing; exec stdbuf -oL "
                                + program + " -w")
                .redirectErrorStream(true)
                .start();
    }
}
