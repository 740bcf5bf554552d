package io.schedtrace;

import static io.schedtrace.lab.Observed.assertPeers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.Needs;
import io.schedtrace.lab.Observed;
import io.schedtrace.lab.Snippet;
import io.schedtrace.lab.Traces;
import io.schedtrace.model.Feature;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TcpSpan.Outcome;
import io.schedtrace.model.TraceListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How connections end on loopback; TcpNetworkIT has what needs a network that misbehaves. */
@KernelTest
@Tag("kernels")
class TcpOutcomeIT {
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "::ffff:127.0.0.1"})
    void shouldTellRefusal(String host) throws Exception {
        Observed seen = Snippet.observe(
                "ls = listen('::'); p = port(ls); ls.close(); say('port', p); handled(connect, p, sys.argv[1])", host);

        assertRefused(seen.client());
        assertThat(seen.client().peer().getPort()).isEqualTo(Integer.parseInt(seen.fact("port")));
        assertThat(seen.fact("error")).isEqualTo("ECONNREFUSED");
        assertThat(seen.servers()).isEmpty();
    }

    @Test
    void shouldTellRefusalOfANonBlockingConnectWhoseErrorNobodyAsksFor() throws Exception {
        Observed seen = Snippet.observe("""
                ls = listen(); p = port(ls); ls.close()
                c = socket.socket(); c.setblocking(False); say('result', c.connect_ex(('127.0.0.1', p)))
                import select
                select.select([], [c], [], 30)
                """);

        assertThat(seen.fact("result")).as("EINPROGRESS").isEqualTo("115");
        assertRefused(seen.client());
    }

    /** {@code ss -K}, while the SYN is not answered. */
    @Test
    void shouldTellAnAbortByTheAdministratorBeforeAnAnswer() throws Exception {
        List<String> command = new ArrayList<>(List.of("unshare", "-n", "sh", "-c"));
        command.add("ip link set lo up && exec \"$0\" \"$@\"");
        command.addAll(Snippet.pythonCommand("""
                import subprocess
                nft('add table t; add chain t i { type filter hook input priority 0; }')
                nft('add rule t i tcp dport 9 drop')
                c = socket.socket(); c.setblocking(False); c.connect_ex(('127.0.0.1', 9))
                subprocess.run(['ss', '-K', 'dport', '=', '9'], check=True, stdout=subprocess.DEVNULL)
                say('state', c.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0])
                handled(lambda: c.send(b'x')); c.close()
                """));
        try (Snippet snippet = Snippet.command(command)) {
            assumeThat(snippet.fact("state"))
                    .as("ss -K closes sockets, which takes a kernel with CONFIG_INET_DIAG_DESTROY")
                    .isEqualTo("7");
            TcpSpan span = snippet.finish().client();
            assertThat(span.outcome()).isEqualTo(Outcome.ABANDONED);
            assertThat(span.error()).isEqualTo("ECONNABORTED");
        }
    }

    @Test
    void shouldSeeOneSocketConnectAgainAfterARefusal() throws Exception {
        Observed seen = Snippet.observe("""
                ls = listen(); p = port(ls); ls.close()
                c = socket.socket(); handled(c.connect, ('127.0.0.1', p))
                ls = listen(port=p); c.connect(('127.0.0.1', p)); s = ls.accept()[0]
                ends('client', c); c.sendall(b'hello'); c.close(); assert drain(s) == 5; s.close()
                """);

        assertThat(seen.clients()).hasSize(2);
        assertRefused(seen.clients().get(0));
        TcpSpan second = seen.clients().get(1);
        assertPeers(second, seen.server());
        assertThat(second.outcome()).isEqualTo(Outcome.CLOSED);
        assertThat(second.counters().bytesSent()).isEqualTo(5);
        assertThat(Observed.text(second.local())).isEqualTo(seen.fact("client.local"));
    }

    @Test
    void shouldNotTakeThePortOfASocketsLastConnectionForThatOfItsNext() throws Exception {
        Queue<TcpSpan> opened = new ConcurrentLinkedQueue<>();
        TraceListener listener = new TraceListener() {
            @Override
            public void connectionOpened(TcpSpan connection) {
                opened.add(connection);
            }
        };
        String bound;
        try (ProcessTreeTracer tracer =
                ProcessTreeTracer.builder().listener(listener).open()) {
            Process process = tracer.start(new ProcessBuilder(Snippet.pythonCommand("""
                            ls = listen(); p = port(ls); ls.close(); c = socket.socket()
                            for i in range(3): c.connect_ex(('127.0.0.1', p))
                            b = socket.socket(); b.bind(('127.0.0.1', 0)); say('bound', port(b))
                            b.connect_ex(('127.0.0.1', p))
                            """)));
            bound = process.inputReader().readLine();
            assertThat(process.waitFor()).isZero();
            tracer.awaitTree(Traces.LONG);
        }
        assertThat(opened)
                .extracting(span -> span.local().getPort())
                .containsExactly(0, 0, 0, Integer.parseInt(bound.substring("bound ".length())));
    }

    @Test
    void shouldTellAnAbortByTheClient() throws Exception {
        assertAborted("c, s = pair(); c.sendall(b'abc'); s.recv(3); abort(c); handled(s.recv, 1); s.close()", true);
    }

    @Test
    void shouldTellAnAbortByTheServer() throws Exception {
        assertAborted("c, s = pair(); c.sendall(b'abc'); s.recv(3); abort(s); handled(c.recv, 1); c.close()", false);
    }

    @Test
    void shouldTellACloseWithUnreadDataForAnAbort() throws Exception {
        assertAborted("c, s = pair(); c.sendall(b'abc'); s.close(); handled(c.recv, 1); c.close()", false);
    }

    private static void assertAborted(String program, boolean byClient) throws Exception {
        Observed seen = Snippet.observe(program);

        TcpSpan aborting = byClient ? seen.client() : seen.server();
        TcpSpan aborted = byClient ? seen.server() : seen.client();
        assertThat(seen.fact("error")).isEqualTo("ECONNRESET");
        assertThat(aborting.outcome()).isEqualTo(Outcome.RESET);
        assertThat(aborting.error()).isNull();
        assertThat(aborted.outcome()).isEqualTo(Outcome.RESET);
        assertThat(aborted.error()).isEqualTo("ECONNRESET");
        assertThat(seen.client().counters().bytesSent()).isEqualTo(3);
        assertThat(seen.server().counters().bytesReceived()).isEqualTo(3);
        assertThat(seen.trace().isComplete()).isTrue();
        assertPeers(seen.client(), seen.server());
    }

    @Test
    void shouldTellAResetOfAConnectionThatThePeerHadHalfClosed() throws Exception {
        Observed seen = Snippet.observe("""
                c, s = pair(); c.shutdown(socket.SHUT_WR); assert s.recv(1) == b''
                abort(c); time.sleep(0.05); handled(s.send, b'x'); s.close()
                """);

        assertThat(seen.fact("error")).isEqualTo("EPIPE");
        assertThat(seen.server().outcome()).isEqualTo(Outcome.RESET);
        assertThat(seen.server().error()).isEqualTo("EPIPE");
        assertThat(seen.client().outcome()).isEqualTo(Outcome.RESET);
        assertThat(seen.client().error()).isNull();
    }

    @Test
    void shouldTellACloseWithUnreadDataAfterAHalfCloseForAnAbort() throws Exception {
        Observed seen = Snippet.observe("""
                c, s = pair(); c.shutdown(socket.SHUT_WR); assert s.recv(1) == b''
                s.sendall(b'unread'); time.sleep(0.05); c.close(); time.sleep(0.05); handled(s.send, b'x'); s.close()
                """);

        assertThat(seen.fact("error")).isEqualTo("EPIPE");
        assertThat(seen.client().outcome()).isEqualTo(Outcome.RESET);
        assertThat(seen.client().error()).isNull();
        assertThat(seen.client().counters().bytesReceived()).isEqualTo(6);
        assertThat(seen.server().outcome()).isEqualTo(Outcome.RESET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"c.close(); drain(s); s.close()", "s.close(); drain(c); c.close()"})
    void shouldTellAnOrderlyEndByEitherSide(String close) throws Exception {
        Observed seen =
                Snippet.observe("c, s = pair(); c.sendall(b'12'); s.recv(2); s.sendall(b'123'); c.recv(3); " + close);

        assertThat(seen.trace().connections()).extracting(TcpSpan::outcome).containsOnly(Outcome.CLOSED);
        assertThat(seen.client().counters().bytesSent()).isEqualTo(2);
        assertThat(seen.client().counters().bytesReceived()).isEqualTo(3);
        assertThat(seen.server().counters().bytesSent()).isEqualTo(3);
        assertThat(seen.server().counters().bytesReceived()).isEqualTo(2);
        assertThat(seen.trace().isComplete()).isTrue();
    }

    @Test
    void shouldTellTheSnapshotsOfAHalfClosedConnection() throws Exception {
        Needs.feature(Feature.CLOSING_TIME);
        try (Snippet snippet = Snippet.python("""
                c, s = pair(); say('open'); wait()
                c.sendall(b'1'); c.shutdown(socket.SHUT_WR); drain(s); say('half'); wait()
                s.sendall(b'12345'); s.close(); assert drain(c) == 5; c.close()
                """)) {
            snippet.fact("open");
            assertThat(snippet.trace().connections()).hasSize(2).allSatisfy(span -> {
                assertThat(span.outcome()).isEqualTo(Outcome.OPEN);
                assertThat(span.endTime()).isNull();
                assertThat(span.establishedTime()).isNotNull();
                assertThat(span.complete()).isFalse();
            });
            snippet.proceed();
            snippet.fact("half");
            assertThat(snippet.trace().connections())
                    .extracting(TcpSpan::outcome)
                    .containsExactlyInAnyOrder(Outcome.CLOSING, Outcome.OPEN);
            snippet.proceed();

            Observed seen = snippet.finish();
            assertThat(seen.trace().connections()).extracting(TcpSpan::outcome).containsOnly(Outcome.CLOSED);
            assertThat(seen.client().counters().bytesReceived()).isEqualTo(5);
            assertThat(seen.server().counters().bytesReceived()).isEqualTo(1);
        }
    }

    @Test
    void shouldCountAConnectionThatNobodyAccepts() throws Exception {
        Observed seen = Snippet.observe("ls = listen(); c = connect(port(ls)); ls.close(); handled(c.recv, 1)");

        assertThat(seen.fact("error")).isEqualTo("ECONNRESET");
        assertThat(seen.client().error()).isEqualTo("ECONNRESET");
        assertThat(seen.server().outcome()).isEqualTo(Outcome.RESET);
        assertThat(seen.server().error()).isNull();
    }

    @Test
    void shouldEndConnectionsThatTheEndOfTheProcessCloses() throws Exception {
        Observed seen = Snippet.observe("c, s = pair(); os._exit(0)");

        assertThat(seen.trace().connections())
                .hasSize(2)
                .extracting(TcpSpan::outcome)
                .containsOnly(Outcome.CLOSED);
    }

    @Test
    void shouldTellAConnectWithoutAFreePort() throws Exception {
        Observed seen = Snippet.observe("""
                ls = listen(); a = connect(port(ls)); s = ls.accept()[0]
                b = socket.socket(); b.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                c = socket.socket(); c.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                b.bind(('127.0.0.1', 0)); p = port(b); c.bind(('127.0.0.1', p))
                b.connect(('127.0.0.1', port(ls))); handled(c.connect, ('127.0.0.1', port(ls)))
                """);

        assertThat(seen.fact("error")).isEqualTo("EADDRNOTAVAIL");
        assertThat(seen.clients()).hasSize(3);
        TcpSpan failed = seen.clients().get(2);
        assertThat(failed.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(failed.error()).isEqualTo("EADDRNOTAVAIL");
        assertThat(failed.peerSpanId()).isNull();
    }

    @Test
    void shouldSeeASocketThatConnectsToItself() throws Exception {
        Observed seen = Snippet.observe("""
                c = socket.socket(); c.bind(('127.0.0.1', 0)); c.connect(c.getsockname())
                ends('client', c); c.sendall(b'echo'); assert c.recv(4) == b'echo'; c.close()
                """);

        assertThat(seen.trace().connections()).hasSize(1);
        assertThat(Observed.text(seen.client().local())).isEqualTo(seen.fact("client.local"));
        assertThat(seen.client().peer()).isEqualTo(seen.client().local());
        assertThat(seen.client().counters().bytesSent()).isEqualTo(4);
        assertThat(seen.client().counters().bytesReceived()).isEqualTo(4);
        assertThat(seen.client().establishedTime()).isNotNull();
        assertThat(seen.client().outcome()).isEqualTo(Outcome.CLOSED);
    }

    private static void assertRefused(TcpSpan span) {
        assertThat(span.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(span.error()).isEqualTo("ECONNREFUSED");
        assertThat(span.establishedTime()).isNull();
        assertThat(span.endTime()).isAfterOrEqualTo(span.startTime());
        assertThat(span.complete()).isTrue();
        assertThat(span.counters().bytesSent()).isZero();
        assertThat(span.counters().bytesReceived()).isZero();
        assertThat(span.peerSpanId()).isNull();
    }
}
