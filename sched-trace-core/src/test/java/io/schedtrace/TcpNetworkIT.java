package io.schedtrace;

import static io.schedtrace.lab.Observed.assertPeers;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.lab.Clock;
import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.NetworkLab;
import io.schedtrace.lab.Observed;
import io.schedtrace.lab.Patience;
import io.schedtrace.lab.Snippet;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TcpSpan.Family;
import io.schedtrace.model.TcpSpan.Outcome;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections through networks that lose packets, lead nowhere, or are several. */
@KernelTest
class TcpNetworkIT {
    private static final String CONNECT = """
            s = socket.socket(socket.AF_INET6 if ':' in sys.argv[1] else socket.AF_INET)
            if sys.argv[2] == 'nonblocking':
                import select
                s.setblocking(False); s.connect_ex((sys.argv[1], 9))
                select.select([], [s], [])
                import errno
                say('error', errno.errorcode[s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)])
            else:
                handled(s.connect, (sys.argv[1], 9))
            """;

    private NetworkLab lab;

    @BeforeEach
    void openLab() throws Exception {
        lab = NetworkLab.open();
    }

    @AfterEach
    void closeLab() throws Exception {
        if (lab != null) {
            lab.close();
        }
    }

    private Observed run(String namespace, String program, Object... arguments) throws Exception {
        try (Snippet snippet = Snippet.command(lab.wrap(namespace, Snippet.pythonCommand(program, arguments)))) {
            return snippet.finish();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"blocking", "nonblocking"})
    @Tag("kernels")
    void shouldTellThatASynIsNotAnswered(String how) throws Exception {
        lab.add("here");
        lab.in("here", "echo 1 >/proc/sys/net/ipv4/tcp_syn_retries");
        lab.drop("here", "tcp dport 9");

        TcpSpan span = run("here", CONNECT, "127.0.0.1", how).client();

        assertThat(span.outcome()).isEqualTo(Outcome.TIMED_OUT);
        assertThat(span.error()).isEqualTo("ETIMEDOUT");
        assertThat(span.counters().retransmits()).isPositive().isEqualTo(lab.dropped("here") - 1);
        assertThat(span.duration()).isGreaterThan(Duration.ofMillis(900));
        assertThat(span.establishedTime()).isNull();
        assertThat(span.complete()).isTrue();
    }

    /** A program that asks all the time, on a processor other than that of the timers, can take the error away before the kernel has closed the socket. */
    @Test
    @Tag("kernels")
    void shouldTellWhyItFailedThoughTheProgramTakesTheErrorAtOnce() throws Exception {
        lab.add("here");
        lab.in("here", "echo 1 >/proc/sys/net/ipv4/tcp_syn_retries");
        lab.drop("here", "tcp dport 9");

        Observed seen = run("here", """
                import errno
                processors = sorted(os.sched_getaffinity(0)); os.sched_setaffinity(0, processors[:1])
                def attempt(): s = socket.socket(); s.setblocking(False); s.connect_ex(('127.0.0.1', 9)); return s
                def error(s): return s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                attempts = [attempt() for _ in range(300)]; under_way = attempts
                os.sched_setaffinity(0, processors[-1:])
                while under_way:
                    for s in under_way:
                        e = error(s)
                        if e: assert e == errno.ETIMEDOUT; under_way = [a for a in under_way if a != s]
                """);

        assertThat(seen.clients()).hasSize(300).allSatisfy(end -> {
            assertThat(end.outcome()).isEqualTo(Outcome.TIMED_OUT);
            assertThat(end.error()).isEqualTo("ETIMEDOUT");
        });
    }

    @Test
    void shouldTellThatAProgramGaveUpAConnect() throws Exception {
        lab.add("here");
        lab.drop("here", "tcp dport 9");

        TcpSpan span = run("here", "s = socket.socket(); s.settimeout(0.1); s.connect_ex(('127.0.0.1', 9))")
                .client();

        assertThat(span.outcome()).isEqualTo(Outcome.ABANDONED);
        assertThat(span.error()).isNull();
        assertThat(span.duration()).isBetween(Duration.ofMillis(100), Patience.seconds(5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"blocking 10.9.2.2", "nonblocking 10.9.2.2", "blocking fd00:9::2"})
    @Tag("kernels")
    void shouldTellThatARouterCannotReachThePeer(String how) throws Exception {
        lab.add("here");
        lab.add("router");
        lab.link("here", "10.9.1.1/24", "router", "10.9.1.2/24");
        lab.in("here", "ip -6 addr add fd00:8::1/64 dev router nodad; ip route add default via 10.9.1.2");
        lab.in("router", "ip -6 addr add fd00:8::2/64 dev here nodad; echo 1 >/proc/sys/net/ipv4/ip_forward");
        lab.in("router", "echo 1 >/proc/sys/net/ipv6/conf/all/forwarding; ip route add unreachable 10.9.2.0/24");
        lab.in("router", "ip -6 route add unreachable fd00:9::/64");
        lab.in("here", "ip -6 route add default via fd00:8::2");

        Observed seen = run("here", CONNECT, how.split(" ")[1], how.split(" ")[0]);

        assertThat(seen.fact("error")).matches("E(HOST|NET)UNREACH");
        assertThat(seen.client().outcome()).as("%s", seen.client()).isEqualTo(Outcome.UNREACHABLE);
        assertThat(seen.client().error()).isEqualTo(seen.fact("error"));
        assertThat(seen.client().family()).isEqualTo(how.contains(":") ? Family.IPV6 : Family.IPV4);
    }

    @Test
    void shouldEndAConnectionWhosePeerNeverAnswersAtItsLocalClose() throws Exception {
        lab.add("here");
        lab.drop("here", "tcp flags & fin == fin");
        String program = """
                c, s = pair(); c.sendall(b'last words'); s.recv(100)
                say('before', time.time_ns()); c.close(); say('after', time.time_ns()); abort(s)
                """;

        try (Snippet snippet =
                Snippet.command(Duration.ofMillis(200), lab.wrap("here", Snippet.pythonCommand(program)))) {
            long begun = System.nanoTime();
            Observed seen = snippet.finish();
            TcpSpan span = seen.client();
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Patience.seconds(15));
            if (span.outcome() == Outcome.CLOSING) {
                assertThat(span.complete()).isFalse();
                assertThat(seen.trace().isComplete()).isFalse();
            }
            assertThat(Clock.nanos(span.endTime())).isGreaterThan(Clock.nanos(seen, "before") - 1_000_000);
        }
    }

    @Test
    @Tag("kernels")
    void shouldWaitForSocketsThatOutliveTheTreeForTheLingerTimeOnly() throws Exception {
        lab.add("here");
        lab.drop("here", "tcp flags & fin == fin");
        String program = """
                c, s = pair(); c.sendall(b'last words'); s.recv(100)
                say('before', time.time_ns()); c.close(); say('after', time.time_ns())
                """;

        try (Snippet snippet =
                Snippet.command(Duration.ofMillis(200), lab.wrap("here", Snippet.pythonCommand(program)))) {
            Observed seen = snippet.finish();
            TcpSpan span = seen.client();
            assertThat(span.outcome()).isEqualTo(Outcome.CLOSING);
            assertThat(span.complete()).isFalse();
            assertThat(span.error()).isNull();
            assertThat(span.counters().bytesSent()).isEqualTo(10);
            assertThat(Clock.nanos(span.endTime()))
                    .isBetween(Clock.nanos(seen, "before") - 1_000_000, Clock.nanos(seen, "after") + 1_000_000);
            assertThat(span.duration()).isEqualTo(Duration.between(span.startTime(), span.endTime()));
            assertThat(seen.trace().loss().none()).isTrue();
        }
    }

    @Test
    void shouldLinkBothEndsAcrossNamespaces() throws Exception {
        lab.add("left");
        lab.add("right");
        lab.link("left", "10.9.1.1/24", "right", "10.9.1.2/24");
        List<String> server = lab.wrap(
                "right",
                Snippet.pythonCommand(
                        "ls = listen('0.0.0.0', 7); say('ready'); s = ls.accept()[0]; s.sendall(b'x' * drain(s))"));
        List<String> client = lab.wrap(
                "left",
                Snippet.pythonCommand(
                        "c = connect(7, '10.9.1.2'); c.sendall(b'x' * 5000); c.shutdown(socket.SHUT_WR); drain(c)"));

        Observed seen = Snippet.observe("""
                import json, subprocess
                s = subprocess.Popen(json.loads(sys.argv[1]), stdout=subprocess.PIPE); s.stdout.readline()
                subprocess.run(json.loads(sys.argv[2]), check=True); assert s.wait() == 0
                """, json(server), json(client));

        assertPeers(seen.client(), seen.server());
        assertThat(seen.client().local().getAddress().getHostAddress()).isEqualTo("10.9.1.1");
        assertThat(seen.client().counters().bytesReceived()).isEqualTo(5000);
        assertThat(seen.server().counters().bytesReceived()).isEqualTo(5000);
        assertThat(seen.client().processSpanId()).isNotEqualTo(seen.server().processSpanId());
    }

    @Test
    void shouldLinkAClientWithAnotherAddressToALoopbackServer() throws Exception {
        lab.add("here");
        lab.in("here", "ip addr add 192.0.2.2/32 dev lo");

        Observed seen = run("here", """
                ls = listen('0.0.0.0'); c = socket.socket(); c.bind(('192.0.2.2', 0)); c.connect(('127.0.0.1', port(ls)))
                s = ls.accept()[0]; c.close(); drain(s); s.close()
                """);

        assertPeers(seen.client(), seen.server());
    }

    @Test
    void shouldNotLinkLoopbackConnectionsOfDifferentNamespaces() throws Exception {
        lab.add("left");
        lab.add("right");
        String program = """
                ls = listen(port=7); c = socket.socket(); c.bind(('127.0.0.1', 8)); c.connect(('127.0.0.1', 7))
                s = ls.accept()[0]; say('ready'); wait(); c.sendall(b'x' * int(sys.argv[1])); c.close()
                drain(s); s.close()
                """;

        Observed seen = Snippet.observe(
                """
                import json, subprocess
                pipe = subprocess.PIPE
                both = [subprocess.Popen(json.loads(a), stdin=pipe, stdout=pipe) for a in sys.argv[1:]]
                for p in both: p.stdout.readline()
                for p in both: p.stdin.write(b'.\\n'); p.stdin.flush()
                for p in both: assert p.wait() == 0
                """,
                json(lab.wrap("left", Snippet.pythonCommand(program, 100))),
                json(lab.wrap("right", Snippet.pythonCommand(program, 200))));

        assertThat(seen.clients()).hasSize(2);
        for (TcpSpan client : seen.clients()) {
            TcpSpan server = seen.servers().stream()
                    .filter(span ->
                            span.counters().bytesReceived() == client.counters().bytesSent())
                    .findFirst()
                    .orElseThrow();
            assertPeers(client, server);
            assertThat(client.processSpanId()).isEqualTo(server.processSpanId());
        }
    }

    @Test
    @Tag("kernels")
    void shouldCountPayloadOnceHoweverOftenItIsSent() throws Exception {
        lab.add("here");
        lab.drop("here", "meta l4proto tcp numgen inc mod 25 0");

        Observed seen = run("here", """
                ls = listen(); p = port(ls)
                def serve(): s = ls.accept()[0]; n = drain(s); assert n == 3000000; s.sendall(b'y' * 1234567); s.close()
                pid = child(serve)
                c = connect(p); c.sendall(b'x' * 3000000); c.shutdown(socket.SHUT_WR)
                assert drain(c) == 1234567; c.close(); join(pid)
                """);

        assertThat(seen.client().counters().bytesSent()).isEqualTo(3_000_000);
        assertThat(seen.server().counters().bytesReceived()).isEqualTo(3_000_000);
        assertThat(seen.server().counters().bytesSent()).isEqualTo(1_234_567);
        assertThat(seen.client().counters().bytesReceived()).isEqualTo(1_234_567);
        assertThat(seen.client().counters().retransmits()
                        + seen.server().counters().retransmits())
                .isPositive();
    }

    @Test
    @Tag("kernels")
    void shouldNotCountWhatThisHostDropped() throws Exception {
        lab.add("here");

        Observed seen = run("here", """
                c, s = pair(); c.sendall(b'x' * 100); assert s.recv(100) == b'x' * 100
                nft('add table t; add chain t o { type filter hook output priority 0; }')
                nft('add rule t o tcp dport %d drop' % port(s))
                c.sendall(b'x' * 1000); time.sleep(1); nft('delete table t'); assert len(s.recv(1000)) == 1000
                c.close(); assert drain(s) == 0; s.close()
                """);

        assertThat(seen.client().counters().bytesSent()).isEqualTo(1100);
        assertThat(seen.server().counters().bytesReceived()).isEqualTo(1100);
    }

    @Test
    void shouldLinkAConnectionThatIsAbortedBeforeItsServerKnowsOfIt() throws Exception {
        lab.add("left");
        lab.add("right");
        lab.link("left", "10.9.1.1/24", "right", "10.9.1.2/24");
        List<String> server = lab.wrap("right", Snippet.pythonCommand("""
                        ls = listen('0.0.0.0', 7); say('ready')
                        def last(s):
                            try: return s.recv(1) == b'.'
                            except ConnectionResetError: return False
                        while not last(ls.accept()[0]): pass
                        """));
        List<String> client = lab.wrap("left", Snippet.pythonCommand("""
                        for i in range(300): abort(connect(7, '10.9.1.2'))
                        c = connect(7, '10.9.1.2'); c.sendall(b'.')
                        """));

        Observed seen = Snippet.observe("""
                import json, subprocess
                s = subprocess.Popen(json.loads(sys.argv[1]), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
                s.stdout.readline(); subprocess.run(json.loads(sys.argv[2]), check=True); s.wait()
                """, json(server), json(client));

        assertThat(seen.servers())
                .isNotEmpty()
                .allSatisfy(span -> assertThat(span.peerSpanId()).isNotNull());
    }

    /** A JSON array of strings in which Python escapes nothing that JSON does not. */
    private static String json(List<String> strings) {
        StringBuilder json = new StringBuilder("[");
        for (String string : strings) {
            json.append(json.length() == 1 ? "\"" : ",\"")
                    .append(string.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"))
                    .append('"');
        }
        return json.append(']').toString();
    }
}
