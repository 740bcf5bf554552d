package io.schedtrace.internal.assemble;

import static io.schedtrace.internal.assemble.RecordScript.Trait.ABORTED;
import static io.schedtrace.internal.assemble.RecordScript.Trait.LOSSY;
import static io.schedtrace.internal.assemble.RecordScript.at;
import static io.schedtrace.internal.assemble.RecordScript.client;
import static io.schedtrace.internal.assemble.RecordScript.server;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.internal.assemble.RecordScript.Tcp;
import io.schedtrace.internal.record.TraceRecord.Phase;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TcpSpan.Outcome;
import io.schedtrace.model.TcpSpan.Role;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionsTest {
    private static final int ESTABLISHED = 1;
    private static final int FIN_WAIT2 = 5;

    private final RecordScript kernel = new RecordScript();

    @AfterEach
    void close() {
        kernel.close();
    }

    private TcpSpan span(int number) {
        return kernel.assembler.connections().get(number);
    }

    private void assertLinked(int one, int other) {
        assertThat(span(one).peerSpanId()).isEqualTo(span(other).spanId());
        assertThat(span(other).peerSpanId()).isEqualTo(span(one).spanId());
    }

    @ParameterizedTest
    @CsvSource({
        "0, 2, ABANDONED, ",
        "0, 4, CLOSED, ",
        "0, 5, CLOSED, ",
        "0, 9, CLOSED, ",
        "0, 11, CLOSED, ",
        "104, 1, RESET, ECONNRESET",
        "32, 8, RESET, EPIPE",
        "103, 1, RESET, ECONNABORTED",
        "103, 2, ABANDONED, ECONNABORTED",
        "111, 2, REFUSED, ECONNREFUSED",
        "110, 2, TIMED_OUT, ETIMEDOUT",
        "110, 1, TIMED_OUT, ETIMEDOUT",
        "113, 2, UNREACHABLE, EHOSTUNREACH",
        "101, 2, UNREACHABLE, ENETUNREACH",
        "92, 2, UNREACHABLE, ENOPROTOOPT",
        "99, 2, FAILED, EADDRNOTAVAIL",
        "13, 2, FAILED, EACCES",
        "9999, 2, FAILED, errno 9999",
    })
    void shouldTellHowAConnectionEnded(int error, int state, Outcome outcome, String name) {
        kernel.open(client(10, 1, 4000)).closed(client(10, 1, 4000), error, state);

        assertThat(span(0).outcome()).isEqualTo(outcome);
        assertThat(span(0).error()).isEqualTo(name);
        assertThat(span(0).complete()).isTrue();
        assertThat(span(0).counters().bytesSent()).isEqualTo(10);
        assertThat(span(0).counters().bytesReceived()).isEqualTo(20);
        assertThat(span(0).counters().rtt().toNanos()).isEqualTo(30_000);
        assertThat(span(0).counters().retransmits()).isEqualTo(40);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 5, 8})
    void shouldTellAnAbortByThisSide(int state) {
        Tcp client = client(10, 1, 4000);
        kernel.open(client).connection(Phase.ENDED, client, 1, 1, 0, state, ABORTED);

        assertThat(span(0).outcome()).isEqualTo(Outcome.RESET);
        assertThat(span(0).error()).isNull();
    }

    @Test
    void shouldShowConnectionsThatAreNotOver() {
        Tcp client = client(10, 1, 4000);
        kernel.start(1, 0).open(client).established(client);
        assertThat(span(0).outcome()).isEqualTo(Outcome.OPEN);
        assertThat(span(0).endTime()).isNull();

        kernel.connection(Phase.CLOSING, client, 1, kernel.time() + 1000, 0, ESTABLISHED);
        assertThat(span(0).outcome()).isEqualTo(Outcome.CLOSING);
        assertThat(span(0).endTime()).isEqualTo(new WallClock(1_000_000_000).at(kernel.time()));
        assertThat(span(0).complete()).isFalse();
    }

    @Test
    void shouldMarkOneThatMissesARecord() {
        kernel.connection(Phase.ENDED, client(10, 1, 4000), 1, 1, 0, FIN_WAIT2, LOSSY);

        assertThat(span(0).complete()).isFalse();
        assertThat(span(0).outcome()).isEqualTo(Outcome.CLOSED);
    }

    @Test
    void shouldLinkBothEndsWhicheverIsTold() {
        Tcp client = client(10, 1, 4000);
        Tcp server = server(11, 2, 4000);
        kernel.start(1, 0).start(2, 1).open(client).open(server).established(client);
        assertLinked(0, 1);
        assertThat(span(1).role()).isEqualTo(Role.SERVER);
        assertThat(span(1).parentSpanId()).isEqualTo(span(0).spanId());
        assertThat(span(0).parentSpanId()).isEqualTo(span(0).processSpanId());

        Tcp other = client(12, 1, 4001);
        kernel.open(other).established(other).open(server(13, 2, 4001));
        assertLinked(2, 3);
    }

    @Test
    void shouldLinkAClientThatIsGoneBeforeItsServerKnows() {
        Tcp client = client(10, 1, 4000);
        kernel.open(client).established(client).closed(client, 0, ESTABLISHED).open(server(11, 2, 4000));

        assertLinked(0, 1);
    }

    @Test
    void shouldNotLinkAConnectionThatWasNever() {
        kernel.open(client(10, 1, 4000)).closed(client(10, 1, 4000), 111, 2).open(server(11, 2, 4000));

        assertThat(kernel.assembler.connections())
                .extracting(TcpSpan::peerSpanId)
                .containsOnlyNulls();
    }

    @Test
    void shouldNotLinkAConnectionThatHadThePortEarlier() {
        Tcp early = client(10, 1, 4000);
        kernel.open(early).established(early).closed(early, 0, FIN_WAIT2);
        kernel.later(2_000_000_000L);
        Tcp late = client(12, 1, 4000);
        kernel.open(late).open(server(11, 2, 4000));
        assertThat(span(0).peerSpanId()).isNull();

        kernel.established(late);
        assertLinked(1, 2);
        assertThat(span(0).peerSpanId()).isNull();
    }

    @Test
    void shouldNotLinkAServerThatHadThePortEarlier() {
        kernel.open(server(11, 2, 4000));
        Tcp late = client(12, 1, 4000);
        kernel.open(late).established(late);

        assertThat(kernel.assembler.connections())
                .extracting(TcpSpan::peerSpanId)
                .containsOnlyNulls();
        kernel.open(server(13, 2, 4000));
        assertLinked(1, 2);
    }

    @Test
    void shouldKeepNetworkNamespacesApart() {
        for (int netns = 1; netns <= 2; netns++) {
            Tcp client = new Tcp(netns, 1, false, at("127.0.0.1", 9), at("127.0.0.1", 80), netns);
            kernel.open(client).established(client);
        }
        for (int netns = 1; netns <= 2; netns++) {
            kernel.open(new Tcp(10 + netns, 1, true, at("127.0.0.1", 80), at("127.0.0.1", 9), netns));
        }
        assertLinked(0, 2);
        assertLinked(1, 3);
    }

    @Test
    void shouldLinkAcrossNetworkNamespaces() {
        Tcp client = new Tcp(1, 1, false, at("10.0.0.1", 9), at("10.0.0.2", 80), 1);
        kernel.open(client).established(client);
        kernel.open(new Tcp(2, 1, true, at("10.0.0.2", 80), at("10.0.0.1", 9), 2));

        assertLinked(0, 1);
    }

    @Test
    void shouldPreferTheEndOfTheSameNetworkNamespace() {
        for (int netns = 1; netns <= 2; netns++) {
            Tcp client = new Tcp(netns, 1, false, at("10.9.9.1", 7001), at("10.9.9.1", 7000), netns);
            kernel.open(client).established(client);
        }
        for (int netns = 1; netns <= 2; netns++) {
            kernel.open(new Tcp(10 + netns, 1, true, at("10.9.9.1", 7000), at("10.9.9.1", 7001), netns));
        }
        assertLinked(0, 2);
        assertLinked(1, 3);
    }

    @Test
    void shouldLinkAcrossNetworkNamespacesWhatFitsInTime() {
        Tcp early = new Tcp(1, 1, false, at("10.0.0.1", 9), at("10.0.0.2", 80), 1);
        kernel.open(early).established(early).closed(early, 0, FIN_WAIT2);
        kernel.later(2_000_000_000L);
        Tcp late = new Tcp(2, 1, false, at("10.0.0.1", 9), at("10.0.0.2", 80), 2);
        kernel.open(late).established(late);
        kernel.open(new Tcp(3, 1, true, at("10.0.0.2", 80), at("10.0.0.1", 9), 1));

        assertThat(span(0).peerSpanId()).isNull();
        assertLinked(1, 2);
    }

    @Test
    void shouldLinkEndsOfWhichOneHasALoopbackAddress() {
        Tcp client = new Tcp(1, 1, false, at("192.0.2.2", 9), at("127.0.0.1", 80), 1);
        kernel.open(client).established(client);
        kernel.open(new Tcp(2, 1, true, at("127.0.0.1", 80), at("192.0.2.2", 9), 1));

        assertLinked(0, 1);
    }

    @Test
    void shouldNotLinkASocketToItself() {
        Tcp own = new Tcp(1, 1, false, at("127.0.0.1", 80), at("127.0.0.1", 80), 1);
        kernel.open(own).established(own).closed(own, 0, FIN_WAIT2);

        assertThat(span(0).peerSpanId()).isNull();
    }

    @Test
    void shouldGiveAServersEndToItsNewOwner() {
        kernel.start(1, 0).start(2, 1);
        kernel.open(server(10, 1, 4000));
        SpanId listener = span(0).processSpanId();
        kernel.closed(server(10, 2, 4000), 0, FIN_WAIT2);

        List<SpanId> processes = kernel.assembler.processes().stream()
                .map(process -> process.spanId())
                .toList();
        assertThat(listener).isEqualTo(processes.get(0));
        assertThat(span(0).processSpanId()).isEqualTo(processes.get(1));
        assertThat(span(0).pid()).isEqualTo(2);
    }

    @Test
    void shouldKeepAConnectionOfTheTestItselfAndOfAProcessThatIsLost() {
        kernel.open(client(10, 0, 4000)).open(client(11, 99, 4001));
        assertThat(kernel.assembler.connections())
                .extracting(TcpSpan::processSpanId)
                .containsOnlyNulls();

        kernel.end(99, 0, 0);
        assertThat(span(1).processSpanId())
                .isEqualTo(kernel.assembler.processes().get(0).spanId());
    }
}
