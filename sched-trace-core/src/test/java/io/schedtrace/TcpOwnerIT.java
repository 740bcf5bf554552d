package io.schedtrace;

import static io.schedtrace.lab.Observed.assertPeers;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.Needs;
import io.schedtrace.lab.Observed;
import io.schedtrace.lab.Snippet;
import io.schedtrace.model.Feature;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TcpSpan.Outcome;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whose a connection is when sockets are inherited, handed over or shared. */
@KernelTest
@Tag("kernels")
class TcpOwnerIT {
    @Test
    void shouldKeepAConnectionThatAChildKeepsAfterItsParentsExit() throws Exception {
        Observed seen = Snippet.observe("""
                ls = listen(); r, w = os.pipe()
                def middle():
                    c = connect(port(ls)); say('connected', os.getpid())
                    def last(): os.close(w); os.read(r, 1); c.sendall(b'from the child'); c.close()
                    say('child', child(last))
                join(child(middle))
                os.close(w)
                s = ls.accept()[0]; assert drain(s) == 14; s.close()
                """);

        TcpSpan client = seen.client();
        ProcessSpan connected = seen.process("connected");
        assertThat(client.processSpanId()).isEqualTo(connected.spanId());
        assertThat(client.counters().bytesSent()).isEqualTo(14);
        assertThat(client.endTime()).isAfter(connected.endTime());
        assertThat(seen.process("child").parentSpanId()).isEqualTo(connected.spanId());
        assertThat(seen.trace().isComplete()).isTrue();
        assertPeers(client, seen.server());
    }

    @Test
    void shouldGiveConnectionsToThePreForkedWorkerThatServesThem() throws Exception {
        Needs.feature(Feature.SERVING_PROCESS);
        Observed seen = Snippet.observe("""
                ls = listen(); turns = [os.pipe() for i in range(3)]
                def worker(turn):
                    os.read(turn, 1); s = ls.accept()[0]; n = drain(s); s.sendall(b'x' * n); s.close()
                workers = [child(worker, r) for r, w in turns]
                for i, (r, w) in enumerate(turns):
                    say('worker%d' % i, workers[i]); os.write(w, b'.')
                    c = connect(port(ls)); c.sendall(b'y' * (i + 1)); c.shutdown(socket.SHUT_WR)
                    assert drain(c) == i + 1; c.close(); join(workers[i])
                say('master', os.getpid())
                """);

        assertThat(seen.servers()).hasSize(3);
        for (int i = 0; i < 3; i++) {
            TcpSpan server = seen.servers().get(i);
            assertThat(server.counters().bytesReceived()).isEqualTo(i + 1);
            assertThat(server.processSpanId())
                    .isEqualTo(seen.process("worker" + i).spanId());
            assertThat(server.pid()).isEqualTo(Long.parseLong(seen.fact("worker" + i)));
            assertPeers(seen.clients().get(i), server);
        }
        assertThat(seen.clients())
                .extracting(TcpSpan::processSpanId)
                .containsOnly(seen.process("master").spanId());
    }

    @Test
    void shouldGiveAConnectionToTheForkedChildThatTheMasterHandsItTo() throws Exception {
        Needs.feature(Feature.SERVING_PROCESS);
        Observed seen = Snippet.observe("""
                ls = listen(); c = connect(port(ls)); s = ls.accept()[0]
                r, w = os.pipe()
                def serve(): ls.close(); c.close(); os.read(r, 1); s.sendall(b'served'); s.close()
                pid = child(serve); s.close(); os.write(w, b'.'); say('child', pid)
                assert drain(c) == 6; c.close(); join(pid)
                """);

        assertThat(seen.server().processSpanId())
                .isEqualTo(seen.process("child").spanId());
        assertThat(seen.client().processSpanId()).isNotEqualTo(seen.server().processSpanId());
        assertPeers(seen.client(), seen.server());
    }

    @Test
    void shouldGiveAnAcceptedSocketToTheProcessThatItIsSentTo() throws Exception {
        Needs.feature(Feature.SERVING_PROCESS);
        Observed seen = Snippet.observe("""
                ls = listen(); here, there = socket.socketpair(socket.AF_UNIX)
                def serve():
                    here.close(); fds = socket.recv_fds(there, 1, 1)[1]
                    s = socket.socket(fileno=fds[0]); there.recv(1); s.sendall(b'served'); abort(s)
                pid = child(serve); there.close(); say('child', pid)
                c = connect(port(ls)); s = ls.accept()[0]
                socket.send_fds(here, [b'.'], [s.fileno()]); s.close(); here.send(b'.')
                c.recv(6); handled(c.recv, 1); join(pid)
                """);

        assertThat(seen.server().processSpanId())
                .isEqualTo(seen.process("child").spanId());
        assertThat(seen.server().outcome()).isEqualTo(Outcome.RESET);
        assertPeers(seen.client(), seen.server());
    }

    @Test
    void shouldKeepAConnectedSocketWithTheProcessThatConnected() throws Exception {
        Observed seen = Snippet.observe("""
                ls = listen(); here, there = socket.socketpair(socket.AF_UNIX)
                def work():
                    c = connect(port(ls)); socket.send_fds(there, [b'.'], [c.fileno()]); c.close()
                pid = child(work); there.close(); say('child', pid)
                fds = socket.recv_fds(here, 1, 1)[1]; join(pid)
                c = socket.socket(fileno=fds[0]); c.sendall(b'late'); c.close()
                s = ls.accept()[0]; assert drain(s) == 4
                """);

        assertThat(seen.client().processSpanId())
                .isEqualTo(seen.process("child").spanId());
        assertThat(seen.client().counters().bytesSent()).isEqualTo(4);
        assertThat(seen.client().endTime()).isAfter(seen.process("child").endTime());
    }

    @Test
    void shouldTellThatAProcessOutsideTheTreeHoldsAConnectionOpen() throws Exception {
        Process outside = new ProcessBuilder(Snippet.pythonCommand(
                        """
                        us = socket.socket(socket.AF_UNIX); us.bind('\\0' + sys.argv[1]); us.listen(); say('ready')
                        a = us.accept()[0]; fds = socket.recv_fds(a, 1, 2)[1]; a.sendall(b'.'); wait()
                        """, "sched-trace-" + ProcessHandle.current().pid()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(outside.inputReader().readLine()).isEqualTo("ready");
            try (Snippet snippet = Snippet.command(
                    java.time.Duration.ofMillis(100),
                    Snippet.pythonCommand(
                            """
                            c, s = pair(); us = socket.socket(socket.AF_UNIX); us.connect('\\0' + sys.argv[1])
                            socket.send_fds(us, [b'.'], [c.fileno(), s.fileno()]); us.recv(1)
                            """, "sched-trace-" + ProcessHandle.current().pid()))) {
                Observed seen = snippet.finish();
                assertThat(List.of(seen.client(), seen.server())).allSatisfy(span -> {
                    assertThat(span.outcome()).isEqualTo(Outcome.OPEN);
                    assertThat(span.endTime()).isNull();
                    assertThat(span.complete()).isFalse();
                });
                assertThat(seen.trace().isComplete()).isFalse();
                assertThat(seen.trace().loss().none()).isTrue();
            }
        } finally {
            outside.destroyForcibly().waitFor();
        }
    }

    @Test
    void shouldForgetASocketThatAnUntracedProcessUsesAgain() throws Exception {
        Process outside = new ProcessBuilder(Snippet.pythonCommand(
                        """
                        us = socket.socket(socket.AF_UNIX); us.bind('\\0' + sys.argv[1]); us.listen(); say('ready')
                        a = us.accept()[0]; fds = socket.recv_fds(a, 1, 1)[1]
                        ls = listen(); c = socket.socket(fileno=fds[0]); c.connect(('127.0.0.1', port(ls)))
                        s = ls.accept()[0]; s.close(); c.close(); a.sendall(b'.')
                        """, "sched-trace-again-" + ProcessHandle.current().pid()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(outside.inputReader().readLine()).isEqualTo("ready");
            Observed seen = Snippet.observe(
                    """
                    ls = listen(); p = port(ls); ls.close()
                    c = socket.socket(); handled(c.connect, ('127.0.0.1', p))
                    us = socket.socket(socket.AF_UNIX); us.connect('\\0' + sys.argv[1])
                    socket.send_fds(us, [b'.'], [c.fileno()]); us.recv(1)
                    """, "sched-trace-again-" + ProcessHandle.current().pid());

            assertThat(seen.trace().connections()).hasSize(1);
            assertThat(seen.client().outcome()).isEqualTo(Outcome.REFUSED);
        } finally {
            outside.destroyForcibly().waitFor();
        }
    }
}
