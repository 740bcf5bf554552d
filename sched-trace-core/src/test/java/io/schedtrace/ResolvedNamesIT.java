package io.schedtrace;

import static io.schedtrace.lab.NamesLab.WEB;
import static io.schedtrace.lab.NamesOfConnections.clients;
import static io.schedtrace.lab.NamesOfConnections.names;
import static io.schedtrace.lab.NamesOfConnections.peerHosts;
import static io.schedtrace.lab.NamesOfConnections.trace;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.hosts.DynamicSource;
import io.schedtrace.hosts.HostEvent;
import io.schedtrace.hosts.HostOptions;
import io.schedtrace.hosts.HostSink;
import io.schedtrace.hosts.ProcessImage;
import io.schedtrace.hosts.StaticSource;
import io.schedtrace.lab.ChildJvm;
import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.MuslClient;
import io.schedtrace.lab.NamesClient;
import io.schedtrace.lab.NamesLab;
import io.schedtrace.lab.Patience;
import io.schedtrace.model.HostName;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.Trace;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Names that real programs ask a real resolver for, whatever their resolver library is; nothing is looked up by us. */
@KernelTest
class ResolvedNamesIT {
    private static final String NAMES = """
            127.0.1.1 v4.names.test
            127.0.1.2 target.names.test
            fd00:5c::1 v6.names.test
            127.0.1.3 both.names.test
            fd00:5c::3 both.names.test
            127.0.2.1 many.names.test
            127.0.2.2 many.names.test
            127.0.2.3 many.names.test
            127.0.3.1 one.names.test two.names.test three.names.test
            """;

    @TempDir
    private static Path directory;

    private static NamesLab lab;
    private static Path musl;

    @BeforeAll
    static void prepare() throws Exception {
        lab = new NamesLab(
                directory,
                NAMES,
                "--cname=alias.names.test,middle.names.test",
                "--cname=middle.names.test,target.names.test");
        musl = MuslClient.compile(directory);
    }

    @AfterAll
    static void close() throws IOException {
        lab.close();
    }

    /** Programs with the resolver of glibc, glibc in a static binary, musl, Go, and Java. HOST stands for the name. */
    static Stream<Arguments> programs() {
        String python = "import socket; socket.create_connection(('HOST', " + WEB + ")).close()";
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return Stream.of(
                Arguments.of("curl", List.of("curl", "-sf", "http://HOST:" + WEB + "/")),
                Arguments.of("python", List.of("/usr/bin/python3", "-c", python)),
                Arguments.of("busybox wget", List.of("busybox", "wget", "-q", "-O", "-", "http://HOST:" + WEB + "/")),
                Arguments.of("musl", List.of(musl.toString(), "HOST", "" + WEB)),
                Arguments.of(
                        "go",
                        List.of("env", "GODEBUG=netdns=go", "hey", "-n", "1", "-c", "1", "http://HOST:" + WEB + "/")),
                Arguments.of(
                        "java",
                        List.of(
                                java,
                                "-Xshare:auto",
                                "-cp",
                                System.getProperty("java.class.path"),
                                NamesClient.class.getName(),
                                "HOST",
                                "" + WEB)));
    }

    private static Trace run(List<String> command, String host) throws Exception {
        return trace(
                NamesLab.listening(),
                lab.inside(
                        command.stream().map(word -> word.replace("HOST", host)).toList()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("programs")
    @Tag("kernels")
    void namesTheAddress(String program, List<String> command) throws Exception {
        Trace trace = run(command, "v4.names.test");

        assertThat(peerHosts(trace, WEB)).containsExactly("v4.names.test (dns)");
        assertThat(clients(trace, WEB).get(0).peer().getAddress().getHostAddress())
                .isEqualTo("127.0.1.1");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("programs")
    void followsAliasesToTheNameThatWasAskedFor(String program, List<String> command) throws Exception {
        assertThat(peerHosts(run(command, "alias.names.test"), WEB)).containsExactly("alias.names.test (dns)");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("programs")
    void namesAnIpv6Address(String program, List<String> command) throws Exception {
        Trace trace = run(command, "v6.names.test");

        assertThat(peerHosts(trace, WEB)).containsExactly("v6.names.test (dns)");
        assertThat(clients(trace, WEB).get(0).family()).isEqualTo(TcpSpan.Family.IPV6);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("programs")
    void knowsEachOfSeveralAddresses(String program, List<String> command) throws Exception {
        assertThat(peerHosts(run(command, "many.names.test"), WEB)).containsExactly("many.names.test (dns)");
        assertThat(peerHosts(run(command, "both.names.test"), WEB)).containsExactly("both.names.test (dns)");
    }

    @Test
    void putsTheNameOfTheProcessBeforeThoseOfOthers() throws Exception {
        Trace trace = trace(NamesLab.listening(), lab.inside("sh", "-c", """
                getent ahosts one.names.test
                getent ahosts two.names.test
                curl -sf http://three.names.test:8080/ http://127.0.3.1:8080/
                curl -sf http://127.0.3.1:8080/
                """));

        assertThat(clients(trace, WEB))
                .hasSizeGreaterThanOrEqualTo(2)
                .allSatisfy(span -> assertThat(span.peerHosts())
                        .extracting(HostName::name)
                        .containsExactlyInAnyOrder("one.names.test", "two.names.test", "three.names.test"));
        assertThat(clients(trace, WEB).get(0).peerHosts().get(0).name()).isEqualTo("three.names.test");
        TcpSpan last = clients(trace, WEB).get(clients(trace, WEB).size() - 1);
        assertThat(last.peerHosts().get(0).name()).isEqualTo("one.names.test");
    }

    @Test
    void learnsANameAfterTheConnectionHasOpened() throws Exception {
        Trace trace = trace(NamesLab.listening(), lab.inside("/usr/bin/python3", "-c", """
                import socket
                connection = socket.create_connection(('127.0.1.1', 8080))
                socket.getaddrinfo('v4.names.test', 8080)
                connection.close()
                """));

        assertThat(peerHosts(trace, WEB)).containsExactly("v4.names.test (dns)");
    }

    @Test
    void learnsNothingFromARefusal() throws Exception {
        Trace trace = trace(NamesLab.listening(), lab.inside("sh", "-c", """
                getent ahosts nowhere.names.test
                curl -sf http://127.0.1.1:8080/
                """));

        assertThat(peerHosts(trace, WEB)).isEmpty();
        assertThat(lab.queries()).contains("A nowhere.names.test", "AAAA nowhere.names.test");
    }

    @Test
    @Tag("kernels")
    void namesBothEndsInTheTree() throws Exception {
        Trace trace = trace(NamesLab.listening(), lab.inside("/usr/bin/python3", "-c", """
                import os, socket
                server = socket.create_server(('127.0.1.1', 8081))
                if os.fork() == 0:
                    socket.create_connection(('v4.names.test', 8081)).close()
                    os._exit(0)
                connection, _ = server.accept()
                connection.recv(1)
                connection.close()
                os.wait()
                """));

        TcpSpan client = clients(trace, 8081).get(0);
        TcpSpan server = trace.connections().stream()
                .filter(span -> span.role() == TcpSpan.Role.SERVER)
                .findFirst()
                .orElseThrow();
        assertThat(names(client.peerHosts())).containsExactly("v4.names.test (dns)");
        assertThat(names(server.localHosts())).containsExactly("v4.names.test (dns)");
        assertThat(server.parentSpanId()).isEqualTo(client.spanId());
    }

    @Test
    @Tag("kernels")
    void namesWhatStandsInTheHostsFileOfTheProcess() throws Exception {
        ProcessBuilder curl = lab.inside("curl", "-sf", "http://file.hosts.test:" + WEB + "/");

        assertThat(peerHosts(trace(NamesLab.listening().getaddrinfo(true), curl), WEB))
                .containsExactly("file.hosts.test (getaddrinfo)");
        assertThat(lab.queries()).noneMatch(query -> query.contains("file.hosts.test"));
    }

    /** Of a process that is gone the file cannot be read any more: the shell waits for that, and curl has the names of its parent. */
    @Test
    @Tag("kernels")
    void knowsTheHostsFileWithoutGetaddrinfo() throws Exception {
        try (ProcessTreeTracer t = NamesLab.listening().open()) {
            Process shell = t.start(lab.inside("sh", "-c", "curl -sf http://file.hosts.test:" + WEB + "/; read line"));
            long deadline = System.nanoTime() + Patience.seconds(20).toNanos();
            while (webHosts(t.trace()).isEmpty() && System.nanoTime() < deadline) {
                Thread.sleep(20);
            }
            shell.getOutputStream().close();
            shell.waitFor();
            assertThat(webHosts(t.trace())).containsExactly("file.hosts.test (hosts)");
        }
    }

    private static List<String> webHosts(Trace trace) {
        return clients(trace, WEB).stream()
                .flatMap(span -> names(span.peerHosts()).stream())
                .toList();
    }

    @Test
    @Tag("kernels")
    void namesWhatAProcessAskedForBeforeWhatItsResolverMadeOfIt() throws Exception {
        Trace trace =
                trace(NamesLab.listening().getaddrinfo(true), lab.inside("curl", "-sf", "http://v4:" + WEB + "/"));

        assertThat(peerHosts(trace, WEB)).containsExactly("v4 (getaddrinfo)", "v4.names.test (dns)");
    }

    @Test
    void asksSourcesOfTheUser() throws Exception {
        InetAddress v4 = InetAddress.getByName("127.0.1.1");
        ProcessTreeTracer.Builder tracer =
                NamesLab.listening().source(new Told("told.test", v4)).source(new Heard("heard.test", v4));
        Trace trace = trace(tracer, lab.inside("curl", "-sf", "http://v4.names.test:" + WEB + "/"));

        assertThat(peerHosts(trace, WEB))
                .containsExactly("v4.names.test (dns)", "heard.test (mine)", "told.test (mine)");
    }

    private record Told(String name, InetAddress address) implements StaticSource {
        @Override
        public String origin() {
            return "mine";
        }

        @Override
        public void inspect(ProcessImage image, HostSink sink) {
            if (image.exe().endsWith("/curl")) {
                sink.fact(name, address);
            }
        }
    }

    private record Heard(String name, InetAddress address) implements DynamicSource {
        @Override
        public String origin() {
            return "mine";
        }

        @Override
        public void observe(HostEvent event, HostSink sink) {
            sink.fact(name, address);
        }
    }

    /** In a probe of its own, by the size of the ring: sessions of other tests have left nothing attached there. */
    @Test
    void attachesWhatItNeedsOnlyWhileItIsAskedTo() throws Exception {
        try (ProcessTreeTracer deaf =
                ProcessTreeTracer.builder().ringSize(1 << 20).open()) {
            assertThat(deaf.trace().processes()).isEmpty();
            List<String> without = links();
            try (ProcessTreeTracer listening = NamesLab.listening().open()) {
                assertThat(listening.trace().processes()).isEmpty();
                List<String> with = links();
                assertThat(with).containsAll(without).hasSize(without.size() + 1);
                try (ProcessTreeTracer both =
                        NamesLab.listening().getaddrinfo(true).open()) {
                    assertThat(both.trace().processes()).isEmpty();
                    assertThat(links()).containsAll(with).hasSizeGreaterThan(with.size());
                }
                awaitLinks(with);
            }
            awaitLinks(without);
        }
    }

    private static void awaitLinks(List<String> expected) throws InterruptedException {
        long deadline = System.nanoTime() + Patience.seconds(20).toNanos();
        while (!links().equals(expected) && System.nanoTime() < deadline) {
            Thread.sleep(20);
        }
        assertThat(links()).isEqualTo(expected).isNotEmpty();
    }

    private static List<String> links() {
        return ChildJvm.bpfObjects(ProcessHandle.current().pid()).stream()
                .filter(object -> object.startsWith("link "))
                .toList();
    }

    @Test
    void tellsNothingWithoutAsking() throws Exception {
        ProcessTreeTracer.Builder deaf =
                ProcessTreeTracer.builder().hostOptions(HostOptions.defaults().withResolveCandidates(false));

        assertThat(peerHosts(trace(deaf, lab.inside("curl", "-sf", "http://v4.names.test:" + WEB + "/")), WEB))
                .isEmpty();
    }
}
