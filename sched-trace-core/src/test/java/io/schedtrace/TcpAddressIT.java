package io.schedtrace;

import static io.schedtrace.lab.Observed.assertPeers;
import static io.schedtrace.lab.Observed.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.internal.text.Addresses;
import io.schedtrace.lab.Clock;
import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.Observed;
import io.schedtrace.lab.Snippet;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TcpSpan.Family;
import io.schedtrace.model.TcpSpan.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Addresses, ports, roles and times, held against what getsockname(2) and getpeername(2) say in the program. */
@KernelTest
@Tag("kernels")
class TcpAddressIT {
    private static final String ONE_CONNECTION = """
            ls = listen(sys.argv[1])
            c = socket.socket(socket.AF_INET6 if ':' in sys.argv[2] else socket.AF_INET)
            if sys.argv[3] == 'blocking':
                c.connect((sys.argv[2], port(ls)))
            else:
                c.setblocking(False)
                c.connect_ex((sys.argv[2], port(ls)))
                import select
                assert select.select([], [c], [], 30)[1] and c.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0
                c.setblocking(True)
            s = ls.accept()[0]
            ends('client', c); ends('server', s); say('pid', os.getpid())
            c.sendall(b'question'); c.shutdown(socket.SHUT_WR); assert drain(s) == 8
            s.sendall(b'long answer'); s.close(); assert drain(c) == 11
            c.close()
            """;

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1, blocking, IPV4",
        "127.0.0.1, 127.0.0.1, nonblocking, IPV4",
        "::1, ::1, blocking, IPV6",
        "::1, ::1, nonblocking, IPV6",
        "::, ::ffff:127.0.0.1, blocking, IPV4",
        "::, 127.0.0.1, nonblocking, IPV4",
        "::, ::1, blocking, IPV6",
        "127.0.0.1, ::ffff:127.0.0.1, nonblocking, IPV4",
    })
    void shouldTellBothEnds(String listen, String connect, String how, Family family) throws Exception {
        Observed seen = Snippet.observe(ONE_CONNECTION, listen, connect, how);

        TcpSpan client = seen.client();
        TcpSpan server = seen.server();
        assertThat(text(client.local())).isEqualTo(seen.fact("client.local"));
        assertThat(text(client.peer())).isEqualTo(seen.fact("client.peer"));
        assertThat(text(server.local())).isEqualTo(seen.fact("server.local"));
        assertThat(text(server.peer())).isEqualTo(seen.fact("server.peer"));
        assertPeers(client, server);
        assertThat(seen.trace().connections()).allSatisfy(span -> {
            assertThat(span.family()).isEqualTo(family);
            assertThat(span.outcome()).isEqualTo(Outcome.CLOSED);
            assertThat(span.error()).isNull();
            assertThat(span.complete()).isTrue();
            assertThat(span.pid()).isEqualTo(Long.parseLong(seen.fact("pid")));
            assertThat(span.counters().retransmits()).isZero();
        });
        assertThat(client.counters().bytesSent()).isEqualTo(8);
        assertThat(client.counters().bytesReceived()).isEqualTo(11);
        assertThat(server.counters().bytesSent()).isEqualTo(11);
        assertThat(server.counters().bytesReceived()).isEqualTo(8);
    }

    @Test
    void shouldKeepTheZoneOfLinkLocalAddresses() throws Exception {
        String network = "ip link set lo up; ip link add here type veth peer name there; ip link set here up;"
                + " ip link set there up; ip addr add fe80::77/64 dev here nodad; exec \"$0\" \"$@\"";
        List<String> command = new ArrayList<>(List.of("unshare", "-n", "sh", "-c", network));
        command.addAll(Snippet.pythonCommand("""
                zone = socket.if_nametoindex('here'); say('zone', zone)
                ls = socket.socket(socket.AF_INET6); ls.bind(('fe80::77', 0, 0, zone)); ls.listen()
                c = socket.socket(socket.AF_INET6); c.connect(ls.getsockname()); s = ls.accept()[0]
                c.close(); s.recv(1); s.close()
                """));
        try (Snippet snippet = Snippet.command(command)) {
            Observed seen = snippet.finish();
            assertPeers(seen.client(), seen.server());
            assertThat(seen.trace().connections()).hasSize(2).allSatisfy(span -> {
                assertThat(Addresses.format(span.local().getAddress())).isEqualTo("fe80::77%" + seen.fact("zone"));
                assertThat(Addresses.format(span.peer().getAddress())).isEqualTo("fe80::77%" + seen.fact("zone"));
            });
        }
    }

    @Test
    void shouldKeepTheOrderOfTimes() throws Exception {
        Observed seen = Snippet.observe("""
                say('before', time.time_ns())
                ls = listen(); c = connect(port(ls)); s = ls.accept()[0]
                say('connected', time.time_ns())
                time.sleep(0.05)
                say('closing', time.time_ns())
                c.close(); s.recv(1); s.close()
                say('closed', time.time_ns())
                """);

        long tolerance = 1_000_000;
        for (TcpSpan span : seen.trace().connections()) {
            long start = Clock.nanos(span.startTime());
            long end = Clock.nanos(span.endTime());
            assertThat(start).isGreaterThan(Clock.nanos(seen, "before") - tolerance);
            assertThat(Clock.nanos(span.establishedTime()))
                    .isBetween(start, Clock.nanos(seen, "connected") + tolerance);
            assertThat(end)
                    .isBetween(Clock.nanos(seen, "closing") - tolerance, Clock.nanos(seen, "closed") + tolerance);
            assertThat(span.duration().toNanos()).isEqualTo(end - start);
        }
        assertThat(seen.client().startTime()).isBeforeOrEqualTo(seen.server().startTime());
        assertThat(seen.client().counters().rtt()).isPositive();
    }
}
