package io.schedtrace;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.internal.backend.bpf.ProbeInternals;
import io.schedtrace.lab.ChildJvm;
import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.Needs;
import io.schedtrace.lab.Observed;
import io.schedtrace.lab.Snippet;
import io.schedtrace.lab.Traces;
import io.schedtrace.model.Feature;
import io.schedtrace.model.ListenSpan;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TraceListener;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sockets that listen, compared with what ss(8) and /proc/net say. */
@KernelTest
class ListeningIT {
    /** Tells the sockets that listen in the program's network, by ss and by the bytes of /proc/net/tcp and tcp6. */
    private static final String TELL = """
            def endpoint(hexed):
                host, p = hexed.split(':'); raw = bytes.fromhex(host)
                raw = b''.join(raw[i:i + 4][::-1] for i in range(0, len(raw), 4))
                return socket.inet_ntop(socket.AF_INET if len(raw) == 4 else socket.AF_INET6, raw), int(p, 16)
            def tell():
                import subprocess
                lines = subprocess.run(['ss', '-Hltn'], capture_output=True, text=True, check=True).stdout.splitlines()
                say('ss', *sorted(line.split()[3] for line in lines))
                rows = [line.split() for f in ('tcp', 'tcp6') for line in list(open('/proc/net/' + f))[1:]]
                say('proc', *sorted('%s|%d' % endpoint(row[1]) for row in rows if row[3] == '0A'))
            """;

    private static List<String> inItsOwnNetwork(String program) {
        List<String> command =
                new ArrayList<>(List.of("unshare", "-n", "sh", "-c", "ip link set lo up && exec \"$@\"", "sh"));
        command.addAll(Snippet.pythonCommand(TELL + program));
        return command;
    }

    private static List<String> sorted(List<ListenSpan> listeners, String separator) {
        return listeners.stream()
                .map(listener ->
                        separator.isEmpty() ? ss(listener) : text(listener.address()) + separator + listener.port())
                .sorted()
                .toList();
    }

    private static String text(InetAddress address) {
        String text = address.getHostAddress();
        return switch (text) {
            case "0:0:0:0:0:0:0:0" -> "::";
            case "0:0:0:0:0:0:0:1" -> "::1";
            default -> text;
        };
    }

    /** As ss has it: a socket for IPv6 and IPv4 is {@code *}. */
    private static String ss(ListenSpan listener) {
        return listener.endpoint().replace("[::]", "*");
    }

    private static List<String> words(String fact) {
        return Arrays.stream(fact.split(" ", -1)).sorted().toList();
    }

    @Test
    @Tag("kernels")
    void shouldBeTheSocketsThatTheKernelLists() throws Exception {
        try (Snippet snippet = Snippet.command(inItsOwnNetwork("""
                say('pid', os.getpid()); before = time.time_ns()
                a = listen(); b = listen('0.0.0.0', 8080); c = listen('::1', 8080); d = listen('::', 9090)
                say('between', before, time.time_ns()); tell(); wait(); before = time.time_ns()
                a.close(); b.close(); c.close(); d.close(); say('until', before, time.time_ns()); tell()
                """))) {
            snippet.fact("proc");
            List<ListenSpan> open = snippet.trace().listeners();
            assertThat(sorted(open, "")).isEqualTo(words(snippet.fact("ss")));
            assertThat(sorted(open, "|")).isEqualTo(words(snippet.fact("proc")));
            assertThat(open).hasSize(4).allMatch(ListenSpan::listening).noneMatch(ListenSpan::complete);
            snippet.proceed();
            Observed seen = snippet.finish();

            List<ListenSpan> closed = seen.trace().listeners();
            assertThat(seen.fact("ss")).isEmpty();
            assertThat(sorted(closed, "|")).isEqualTo(sorted(open, "|"));
            assertThat(closed).allMatch(ListenSpan::complete);
            assertThat(closed).extracting(ListenSpan::pid).containsOnly(Long.valueOf(seen.fact("pid")));
            assertThat(closed)
                    .extracting(ListenSpan::processSpanId)
                    .containsOnly(seen.process("pid").spanId());
            assertThat(closed).allSatisfy(listener -> {
                assertBetween(seen.fact("between"), listener.startTime());
                assertBetween(seen.fact("until"), listener.endTime());
            });
            assertThat(seen.trace().isComplete()).isTrue();
            assertThat(seen.trace().toString()).contains("listens on 0.0.0.0:8080  ", ", 4 listeners, ");
        }
    }

    /** The offset between the clocks is measured once a session, and a clock may be adjusted meanwhile. */
    private static void assertBetween(String nanos, Instant time) {
        String[] bounds = nanos.split(" ", -1);
        assertThat(time)
                .isBetween(
                        Instant.ofEpochSecond(0, Long.parseLong(bounds[0])).minusMillis(5),
                        Instant.ofEpochSecond(0, Long.parseLong(bounds[1])).plusMillis(5));
    }

    /** Each says how many listeners there are in all. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ls = listen(); ls.listen(5)                                                                       | 1
            ls = listen(); p = port(ls); ls.close(); ls = listen('127.0.0.1', p)                              | 2
            ls = listen(); ls.shutdown(socket.SHUT_RD); ls.listen()                                           | 2
            ls = socket.socket(); handled(ls.connect, ('127.0.0.1', 1)); ls.listen()                          | 1
            ls = socket.create_server(('', 0), reuse_port=True); l2 = socket.create_server(('', port(ls)), reuse_port=True) | 2
            ls = socket.socket(proto=262); ls.bind(('127.0.0.1', 0)); ls.listen()                             | 1
            ls = listen(); c = connect(port(ls)); s = ls.accept()[0]; s.close(); c.close()                    | 1
            u = socket.socket(type=socket.SOCK_DGRAM); u.bind(('127.0.0.1', 0)); ls = listen()                | 1
            """)
    void shouldBeginWithListenAndEndWithTheSocket(String program, int count) throws Exception {
        try (Snippet snippet = Snippet.python(program + "\nsay('port', port(ls)); wait(); ls.close()\n")) {
            int port = Integer.parseInt(snippet.fact("port"));
            ListenSpan last = last(snippet.trace());
            assertThat(last.listening()).isTrue();
            assertThat(last.port()).isIn(port, null);
            snippet.proceed();
            Trace trace = snippet.finish().trace();

            assertThat(trace.listeners()).hasSize(count);
            assertThat(trace.isComplete()).isTrue();
            assertThat(last(trace).port()).isEqualTo(port);
            assertThat(last(trace).spanId()).isEqualTo(last.spanId());
        }
    }

    private static ListenSpan last(Trace trace) {
        return trace.listeners().get(trace.listeners().size() - 1);
    }

    /** Without bind(2) the kernel chooses the port after it has told that the socket listens. */
    @Test
    void shouldNotGuessAPortThatIsNotChosenYet() throws Exception {
        try (Snippet snippet = Snippet.python("""
                ls = socket.socket(); ls.listen(); say('port', port(ls)); wait()
                """)) {
            int port = Integer.parseInt(snippet.fact("port"));
            ListenSpan open = last(snippet.trace());
            assertThat(open.port()).isNull();
            assertThat(open.endpoint()).isEqualTo("0.0.0.0:?");
            snippet.proceed();

            assertThat(last(snippet.finish().trace()).port()).isEqualTo(port);
        }
    }

    /** The span ends when the last process that has the socket closes it. */
    @Test
    void shouldEndWithTheLastDescriptor() throws Exception {
        Observed seen = Snippet.observe("""
                ls = listen(); say('parent', os.getpid())
                def work(): time.sleep(0.3); say('until', time.time_ns(), time.time_ns() + 2_000_000_000); os._exit(0)
                pid = child(work); ls.close(); join(pid)
                """);
        ListenSpan listener = last(seen.trace());

        assertThat(seen.trace().listeners()).hasSize(1);
        assertThat(listener.processSpanId()).isEqualTo(seen.process("parent").spanId());
        assertBetween(seen.fact("until"), listener.endTime());
        assertThat(seen.trace().isComplete()).isTrue();
    }

    /** Both sockets are bound before either listens. */
    @Test
    void shouldEndAtOnceIfListenFails() throws Exception {
        try (Snippet snippet = Snippet.python("""
                a, b = socket.socket(), socket.socket()
                for s in a, b: s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                a.bind(('127.0.0.1', 0)); b.bind(a.getsockname()); a.listen(); handled(b.listen); say('done'); wait()
                """)) {
            snippet.fact("done");
            assertThat(snippet.fact("error")).isEqualTo("EADDRINUSE");
            assertThat(snippet.trace().listeners())
                    .extracting(ListenSpan::listening)
                    .containsExactly(true, false);
            snippet.proceed();
            assertThat(snippet.finish().trace().isComplete()).isTrue();
        }
    }

    @Test
    void shouldBeOpenIfTheSessionEndsFirst() throws Exception {
        Process process;
        Trace trace;
        try (ProcessTreeTracer tracer = ProcessTreeTracer.builder().open()) {
            process = tracer.start(new ProcessBuilder(
                    Snippet.pythonCommand("ls = listen(); say('port', port(ls)); wait(); ls.close()\n")));
            assertThat(process.inputReader().readLine()).startsWith("port ");
            tracer.close();
            trace = tracer.trace();
        }
        process.getOutputStream().close();
        assertThat(process.waitFor()).isZero();

        ListenSpan listener = last(trace);
        assertThat(listener.endTime()).isNull();
        assertThat(listener.listening()).isTrue();
        assertThat(listener.duration()).isPositive();
        assertThat(trace.isComplete()).isFalse();
    }

    @Test
    @Tag("kernels")
    void shouldFollowThreadsOfThisJvm() throws Exception {
        Needs.feature(Feature.JVM_CONNECTIONS);
        List<String> events = Collections.synchronizedList(new ArrayList<>());
        TraceListener listener = new TraceListener() {
            @Override
            public void listenStarted(ListenSpan span) {
                events.add("started " + span.endpoint());
            }

            @Override
            public void listenEnded(ListenSpan span) {
                events.add("ended " + span.endpoint());
            }
        };
        String endpoint;
        try (ProcessTreeTracer tracer = ProcessTreeTracer.builder()
                .sessionName("test")
                .listener(listener)
                .open()) {
            try (ThreadScope scope = tracer.enter();
                    ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
                endpoint = "127.0.0.1:" + server.getLocalPort();
                ListenSpan open = last(tracer.trace());
                assertThat(open.address()).isEqualTo(server.getInetAddress());
                assertThat(open.port()).isEqualTo(server.getLocalPort());
                assertThat(open.processSpanId()).isNull();
                assertThat(open.parentSpanId())
                        .isEqualTo(tracer.trace().session().spanId());
                assertThat(open.pid()).isEqualTo(ProcessHandle.current().pid());
                assertThat(tracer.awaitTree(Traces.LONG).isComplete()).isTrue();
            }
            assertThat(last(tracer.trace()).complete()).isTrue();
        }
        assertThat(events).containsExactly("started " + endpoint, "ended " + endpoint);
    }

    @Test
    void shouldNotSeeOthers() throws Exception {
        try (ProcessTreeTracer tracer = ProcessTreeTracer.builder().open();
                ServerSocket server = new ServerSocket(0);
                Socket client = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort())) {
            assertThat(client.isConnected()).isTrue();
            assertThat(tracer.trace().listeners()).isEmpty();
        }
    }

    @Test
    void shouldCountWhatIsLost() {
        assertThat(new ChildJvm().lines(Lost.class)).contains("made 2 lost {listen_end=1, listen_start=1}");
    }

    /** Fills a small ring, and then opens and closes a listener. */
    static final class Lost {
        public static void main(String[] arguments) throws Exception {
            try (ProcessTreeTracer tracer =
                            ProcessTreeTracer.builder().ringSize(4096).open();
                    ProcessTreeTracer other = ProcessTreeTracer.builder().open()) {
                try (ThreadScope scope = tracer.enter()) {
                    ProbeInternals.whileNobodyDrains(() -> {
                        try (ThreadScope filling = other.enter()) {
                            while (other.session().feed().lost().isEmpty()) {
                                new ServerSocket(0).close();
                            }
                        }
                        new ServerSocket(0).close();
                        return null;
                    });
                }
                System.out.println("made " + ProbeInternals.made(tracer.session()) + " lost "
                        + tracer.trace().loss().recordsByType());
            }
        }
    }
}
