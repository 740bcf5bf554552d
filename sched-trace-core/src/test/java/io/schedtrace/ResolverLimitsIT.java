package io.schedtrace;

import static io.schedtrace.lab.NamesLab.WEB;
import static io.schedtrace.lab.NamesOfConnections.clients;
import static io.schedtrace.lab.NamesOfConnections.peerHosts;
import static io.schedtrace.lab.NamesOfConnections.trace;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.NamesLab;
import io.schedtrace.lab.NamesOfConnections;
import io.schedtrace.model.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers that are too long for a datagram of 512 bytes: with EDNS they come whole, without it or if even longer over TCP. */
@KernelTest
class ResolverLimitsIT {
    private static final int DNS = 53;
    private static final String NAMES =
            names(60, "127.0.5.%d long.names.test\n") + names(200, "fd00:5d::%x huge.names.test\n");

    @TempDir
    private Path directory;

    private NamesLab lab;

    @BeforeEach
    void open() throws IOException {
        lab = new NamesLab(directory, NAMES);
    }

    @AfterEach
    void close() throws IOException {
        lab.close();
    }

    private static String names(int count, String line) {
        return IntStream.rangeClosed(1, count).mapToObj(line::formatted).collect(Collectors.joining());
    }

    private Trace run(String... command) throws Exception {
        return trace(NamesLab.listening(), lab.inside(command));
    }

    @Test
    void readsALongAnswerIfTheQueryAllowsIt() throws Exception {
        lab.resolverOptions("options edns0");
        Trace trace = run("curl", "-sf", "http://long.names.test:" + WEB + "/");

        assertThat(peerHosts(trace, WEB)).containsExactly("long.names.test (dns)");
        assertThat(clients(trace, DNS)).as("queries over TCP").isEmpty();
    }

    @Test
    void readsAnAnswerOverTcp() throws Exception {
        Trace trace = run("curl", "-sf", "http://long.names.test:" + WEB + "/");

        assertThat(clients(trace, DNS)).as("queries over TCP").isNotEmpty();
        assertThat(peerHosts(trace, WEB)).containsExactly("long.names.test (dns)");
    }

    @Test
    void readsAnAnswerOfFiveThousandBytes() throws Exception {
        Trace trace = run("/usr/bin/python3", "-c", """
                import socket
                addresses = [found[4][0] for found in socket.getaddrinfo('huge.names.test', 8080, type=socket.SOCK_STREAM)]
                assert len(addresses) == 200
                for address in addresses[::10]:
                    socket.create_connection((address, 8080)).close()
                """);

        assertThat(clients(trace, WEB)).hasSize(20);
        assertThat(clients(trace, WEB))
                .allSatisfy(span -> assertThat(NamesOfConnections.names(span.peerHosts()))
                        .containsExactly("huge.names.test (dns)"));
    }

    /** Without a socket type each address has three entries. */
    @Test
    void keepsEveryAddressOfGetaddrinfo() throws Exception {
        Trace trace =
                trace(NamesLab.listening().dns(false).getaddrinfo(true), lab.inside("/usr/bin/python3", "-c", """
                import socket
                addresses = {found[4][0] for found in socket.getaddrinfo('long.names.test', 8080, socket.AF_INET)}
                assert len(addresses) == 60
                for address in addresses:
                    socket.create_connection((address, 8080)).close()
                """));

        assertThat(trace.loss().none()).isTrue();
        assertThat(clients(trace, WEB))
                .hasSize(60)
                .allSatisfy(span -> assertThat(NamesOfConnections.names(span.peerHosts()))
                        .contains("long.names.test (getaddrinfo)"));
    }

    @Test
    void neverNamesAnAddressWrongly() throws Exception {
        Trace trace = run("busybox", "wget", "-q", "-O", "-", "http://long.names.test:" + WEB + "/");

        assertThat(clients(trace, DNS)).as("queries over TCP").isNotEmpty();
        assertThat(peerHosts(trace, WEB)).isIn(List.of(), List.of("long.names.test (dns)"));
    }
}
