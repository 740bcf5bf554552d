package io.schedtrace;

import static io.schedtrace.lab.Observed.assertPeers;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.Observed;
import io.schedtrace.lab.Snippet;
import io.schedtrace.model.TcpSpan;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose the connections are that listeners of all kinds accept. */
@KernelTest
class TcpListenerIT {
    private static final String FAST_OPEN = "net.ipv4.tcp_fastopen=1543";

    /** Whether the kernel has accepted as many connections by TCP Fast Open. */
    private static final String FAST_OPENED = """
            def fast_opened(n):
                names, values = [line.split() for line in open('/proc/net/netstat')][:2]
                assert int(values[names.index('TCPFastOpenPassive')]) == n
            """;

    /** What is said over a connection {@code c} to the listener {@code ls}. */
    private static final String SERVE = """
            ends('client', c); s = ls.accept()[0]
            say('server', os.getpid()); c.sendall(b'question'); s.recv(8); s.sendall(b'answer'); c.recv(6)
            c.close(); assert drain(s) == 0; s.close()
            """;

    /** Each makes a listener {@code ls} and says which address to connect to. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ls = listen('0.0.0.0')                                                                  | 127.0.0.7
            ls = listen('::')                                                                       | ::1
            ls = listen('::')                                                                       | 127.0.0.7
            ls = socket.socket(); ls.listen()                                                       | 127.0.0.1
            ls = socket.create_server(('127.0.0.1', 0), reuse_port=True)                            | 127.0.0.1
            ls = listen(); ls.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)                 | 127.0.0.1
            ls = listen('0.0.0.0'); ls.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b'lo') | 127.0.0.1
            ls = listen(); c = connect(port(ls)); c.close(); ls.accept()[0].close()                 | 127.0.0.1
            ls = listen(); p = port(ls); ls.close(); ls = listen('127.0.0.1', p)                    | 127.0.0.1
            ls = socket.socket(); handled(ls.connect, ('127.0.0.1', 1)); ls.listen()                | 127.0.0.1
            """)
    void shouldOwnWhatEveryKindOfListenerAccepts(String listener, String host) throws Exception {
        assertServed(Snippet.pythonCommand(listener + """

                c = connect(port(ls), sys.argv[1])
                """ + SERVE, host));
    }

    @Test
    void shouldOwnConnectionsThatSynCookiesMake() throws Exception {
        assertServed(inNetwork("net.ipv4.tcp_syncookies=2", """
                ls = listen(); c = connect(port(ls))
                """ + SERVE));
    }

    @Test
    void shouldOwnConnectionsOfTcpFastOpen() throws Exception {
        assertServed(inNetwork(FAST_OPEN, FAST_OPENED + """
                ls = listen(); ls.setsockopt(socket.IPPROTO_TCP, socket.TCP_FASTOPEN, 8)
                c = socket.socket(); c.sendto(b'question', socket.MSG_FASTOPEN, ('127.0.0.1', port(ls)))
                ends('client', c); s = ls.accept()[0]; fast_opened(1)
                say('server', os.getpid()); s.recv(8); s.sendall(b'answer'); c.recv(6)
                c.close(); assert drain(s) == 0; s.close()
                """));
    }

    @Test
    void shouldOwnAConnectionOfTcpFastOpenThatEndsBeforeItsHandshake() throws Exception {
        assertServed(inNetwork(FAST_OPEN, FAST_OPENED + """
                ls = listen(); ls.setsockopt(socket.IPPROTO_TCP, socket.TCP_FASTOPEN, 8)
                nft('add table t; add chain t i { type filter hook input priority 0; }')
                nft('add rule t i tcp dport %d tcp flags & (syn|ack|rst|fin) != syn drop' % port(ls))
                c = socket.socket(); c.setblocking(False); handled(c.sendto, b'question', socket.MSG_FASTOPEN, ls.getsockname())
                ends('client', c); fast_opened(1); s = ls.accept()[0]; say('server', os.getpid())
                s.recv(8); s.sendall(b'answer'); s.close(); nft('delete table t')
                c.setblocking(True); assert drain(c) == 6; c.close()
                """));
    }

    /** Each subflow is a connection (net/mptcp/protocol.c); 262 is IPPROTO_MPTCP, which Go listens with by default. */
    @ParameterizedTest
    @ValueSource(ints = {0, 262})
    @Tag("kernels")
    void shouldOwnTheSubflowsOfMultipathTcp(int protocol) throws Exception {
        assertServed(Snippet.pythonCommand("""
                ls = socket.socket(proto=262); ls.bind(('127.0.0.1', 0)); ls.listen()
                c = socket.socket(proto=int(sys.argv[1])); c.connect(ls.getsockname())
                """ + SERVE, protocol));
    }

    /** A Python program in a network of its own with that setting. */
    private static List<String> inNetwork(String setting, String program) {
        String script = "ip link set lo up && sysctl -qw \"$0\" && exec \"$@\"";
        List<String> command = new ArrayList<>(List.of("unshare", "-n", "sh", "-c", script, setting));
        command.addAll(Snippet.pythonCommand(program));
        return command;
    }

    private static void assertServed(List<String> command) throws Exception {
        try (Snippet snippet = Snippet.command(command)) {
            Observed seen = snippet.finish();
            TcpSpan server = seen.servers().get(seen.servers().size() - 1);
            TcpSpan client = seen.clients().get(seen.clients().size() - 1);

            assertThat(Observed.text(client.local())).isEqualTo(seen.fact("client.local"));
            assertThat(server.processSpanId()).isEqualTo(seen.process("server").spanId());
            assertThat(server.counters().bytesReceived()).isEqualTo(8);
            assertThat(server.counters().bytesSent()).isEqualTo(6);
            assertThat(seen.trace().isComplete()).isTrue();
            assertPeers(client, server);
        }
    }

    @Test
    void shouldKeepConnectionsOfAListenerThatHasClosed() throws Exception {
        Observed seen = Snippet.observe("""
                ls = listen(); p = port(ls); c = connect(p); s = ls.accept()[0]; ls.close()
                again = listen('127.0.0.1', p); d = connect(p); t = again.accept()[0]; again.close()
                c.sendall(b'12'); d.sendall(b'345'); c.close(); d.close()
                assert drain(s) == 2 and drain(t) == 3; s.close(); t.close()
                """);

        assertThat(seen.servers())
                .extracting(server -> server.counters().bytesReceived())
                .containsExactly(2L, 3L);
        assertThat(seen.trace().isComplete()).isTrue();
    }

    @Test
    void shouldNotOwnWhatAnUntracedListenerAcceptsAtTheSamePort() throws Exception {
        Process outside = new ProcessBuilder(Snippet.pythonCommand("""
                        ls = listen('127.0.0.9'); say(port(ls)); wait()
                        c = connect(port(ls), '127.0.0.9'); s = ls.accept()[0]; c.close(); s.close(); ls.close()
                        ls = listen('127.0.0.1', int(sys.stdin.readline())); say('listening')
                        c = connect(port(ls)); s = ls.accept()[0]; c.close(); s.close(); say('done')
                        """))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var output = outside.inputReader();
                var input = outside.outputWriter()) {
            String port = output.readLine();
            try (Snippet snippet = Snippet.python("""
                    p = int(sys.argv[1]); ls = listen('127.0.0.1', p); say('listening'); wait()
                    c = connect(p); s = ls.accept()[0]; c.close(); s.close(); ls.close(); say('closed'); wait()
                    """, port)) {
                snippet.fact("listening");
                input.write("\n");
                input.flush();
                snippet.proceed();
                snippet.fact("closed");
                input.write(port + "\n");
                input.flush();
                assertThat(output.readLine()).isEqualTo("listening");
                assertThat(output.readLine()).isEqualTo("done");
                snippet.proceed();
                Observed seen = snippet.finish();

                assertThat(seen.trace().connections()).hasSize(2);
                assertPeers(seen.client(), seen.server());
            }
        } finally {
            outside.destroyForcibly().waitFor();
        }
    }
}
