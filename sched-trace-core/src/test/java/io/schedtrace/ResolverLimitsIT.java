package io.schedtrace;

import static io.schedtrace.NamesLab.WEB;
import static io.schedtrace.NamesOfConnections.clients;
import static io.schedtrace.NamesOfConnections.peerHosts;
import static io.schedtrace.NamesOfConnections.trace;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.hosts.HostOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers that are too long for a datagram of 512 bytes: with EDNS they come whole, without it over TCP. */
@KernelTest
class ResolverLimitsIT {
    private static final int DNS = 53;
    private static final String NAMES = IntStream.rangeClosed(1, 60)
            .mapToObj(i -> "127.0.5." + i + " long.names.test\n")
            .collect(Collectors.joining());

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

    private Trace run(String... command) throws Exception {
        return trace(
                ProcessTreeTracer.builder()
                        .dns(true)
                        .hostOptions(HostOptions.defaults().withResolveCandidates(false)),
                lab.inside(command));
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
    void neverNamesAnAddressWrongly() throws Exception {
        Trace trace = run("busybox", "wget", "-q", "-O", "-", "http://long.names.test:" + WEB + "/");

        assertThat(clients(trace, DNS)).as("queries over TCP").isNotEmpty();
        assertThat(peerHosts(trace, WEB)).isIn(List.of(), List.of("long.names.test (dns)"));
    }
}
