package io.schedtrace.assertj;

import static io.schedtrace.assertj.SampleTrace.CURL;
import static io.schedtrace.assertj.SampleTrace.LS;
import static io.schedtrace.assertj.SampleTrace.SH;
import static io.schedtrace.assertj.SampleTrace.START;
import static io.schedtrace.assertj.SampleTrace.TO_DB;
import static io.schedtrace.assertj.SampleTrace.address;
import static io.schedtrace.assertj.SampleTrace.connection;
import static io.schedtrace.assertj.SampleTrace.listener;
import static io.schedtrace.assertj.SampleTrace.trace;
import static io.schedtrace.assertj.TraceAssertions.assertThat;
import static io.schedtrace.assertj.TraceAssertions.atLeast;
import static io.schedtrace.assertj.TraceAssertions.between;
import static io.schedtrace.assertj.TraceAssertions.lessThan;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.schedtrace.model.Loss;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TcpSpan.Counters;
import io.schedtrace.model.TcpSpan.Outcome;
import io.schedtrace.model.TcpSpan.Role;
import io.schedtrace.model.Trace;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Bytes and times of connections, and sockets that listen. */
class BytesAndListenersAssertTest {
    private static final TcpSpan CLOSED = TO_DB.toBuilder()
            .counters(Counters.builder().bytesSent(78).bytesReceived(5_120).build())
            .endTime(START.plusMillis(1500))
            .duration(Duration.ofMillis(1500))
            .build();
    private static final TcpSpan OPEN = connection(13, CURL, Role.CLIENT, Outcome.OPEN, null, address("::1", 80));

    private static final Trace TRACE =
            trace(Loss.NONE, SH, LS, CURL, CLOSED, OPEN, listener(20, SH, 8080), listener(21, null, 9090));

    @Test
    void shouldCompareBytesSent() {
        assertThat(TRACE)
                .connection("db.test", 5432)
                .sentBytes(78)
                .sentBytesBetween(78, 78)
                .sentBytesBetween(0, 100);
        assertFails(() -> assertThat(TRACE).connection("db.test", 5432).sentBytes(5120), """
                Expecting connection to:
                  db.test:5432 (10.0.0.7)
                to have sent:
                  5,120 bytes
                but it sent:
                  78 bytes
                """);
        assertFails(() -> assertThat(TRACE).connection("db.test", 5432).sentBytesBetween(79, 5120), """
                Expecting connection to:
                  db.test:5432 (10.0.0.7)
                to have sent:
                  79 to 5,120 bytes
                but it sent:
                  78 bytes
                """);
    }

    @Test
    void shouldCompareBytesReceived() {
        assertThat(TRACE).connection("db.test", 5432).receivedBytes(5120).receivedBytesBetween(5000, 6000);
        assertFails(() -> assertThat(TRACE).connection("db.test", 5432).receivedBytes(78), """
                Expecting connection to:
                  db.test:5432 (10.0.0.7)
                to have received:
                  78 bytes
                but it received:
                  5,120 bytes
                """);
        assertFails(() -> assertThat(TRACE).connection("db.test", 5432).receivedBytesBetween(0, 5119), """
                Expecting connection to:
                  db.test:5432 (10.0.0.7)
                to have received:
                  0 to 5,119 bytes
                but it received:
                  5,120 bytes
                """);
    }

    @Test
    void shouldNotTakeUnknownBytesForNone() {
        assertFails(() -> assertThat(TRACE).connection("::1", 80).sentBytes(0), """
                Expecting connection to:
                  [::1]:80
                to have sent:
                  0 bytes
                but that is not known before it closes; it was:
                  open
                """);
    }

    @Test
    void shouldRefuseRangesWithoutNumbers() {
        ConnectionAssert connection = assertThat(TRACE).connection("db.test", 5432);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> connection.sentBytesBetween(2, 1))
                .withMessage("numbers of bytes are not negative, and the least comes first: 2 to 1");
        assertThatIllegalArgumentException().isThrownBy(() -> connection.receivedBytes(-1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> between(Duration.ofSeconds(2), Duration.ofMillis(1)))
                .withMessage("no duration is from 2 s to 1 ms; the shortest comes first");
    }

    @Test
    void shouldCompareTheTimeOfAConnection() {
        assertThat(TRACE)
                .connection("db.test", 5432)
                .lasted(lessThan(Duration.ofSeconds(2)))
                .lasted(atLeast(Duration.ofMillis(1500)))
                .lasted(between(Duration.ofMillis(1500), Duration.ofMillis(1500)));
        assertFails(
                () -> assertThat(TRACE)
                        .connection("db.test", 5432)
                        .lasted(between(Duration.ofSeconds(2), Duration.ofSeconds(3))),
                """
                Expecting connection to:
                  db.test:5432 (10.0.0.7)
                to have lasted:
                  2 s to 3 s
                but it lasted:
                  1.5 s
                """);
    }

    @Test
    void shouldCompareTheTimeOfAProcessWithARange() {
        assertThat(TRACE).process("ls").ranFor(between(Duration.ofSeconds(1), Duration.ofSeconds(2)));
        assertFails(
                () -> assertThat(TRACE).process("ls").ranFor(between(Duration.ofMillis(1), Duration.ofMillis(20))),
                """
                Expecting process ls [2] to have run for:
                  1 ms to 20 ms
                but it ran for:
                  1.5 s
                """);
    }

    @Test
    void shouldFindAListener() {
        assertThat(TRACE).listenedOn(8080).listenedOn(9090);
        assertThat(TRACE).process("sh").listenedOn(8080);
        assertFails(() -> assertThat(TRACE).listenedOn(80), """
                Expecting trace to have listened on port:
                  80
                but it listened on:
                  [::]:8080
                  [::]:9090
                """);
        assertFails(() -> assertThat(TRACE).process("sh").listenedOn(9090), """
                Expecting process sh [1] to have listened on port:
                  9090
                but it listened on:
                  [::]:8080
                """);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> assertThat(TRACE).listenedOn(0))
                .withMessage("a port is a number from 1 to 65535, not 0");
    }

    @Test
    void shouldSeeThatNothingListened() {
        assertThat(TRACE).process("ls").didNotListen();
        assertFails(() -> assertThat(TRACE).didNotListen(), """
                Expecting trace not to have listened
                but it listened on:
                  [::]:8080
                  [::]:9090
                """);
    }

    @Test
    void shouldMissTheEndOfAListenerOfAProcessOnly() {
        assertThat(trace(Loss.NONE, SH, listener(21, null, 9090))).isComplete();
        Trace open = trace(Loss.NONE, SH, listener(20, SH, 8080), listener(21, null, 9090));
        Failures.assertFails(open, () -> assertThat(open).isComplete(), """
                Expecting trace to be complete
                but there were:
                  listener on [::]:8080, not ended
                """);
    }

    @Test
    void shouldCollectFailures() {
        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> TraceSoftAssertions.assertTraceSoftly(softly -> softly.assertThat(TRACE)
                                .listenedOn(1)
                                .hasProcessCount(1)
                                .connection("db.test", 5432)
                                .sentBytes(1)))
                .hasMessageContaining("(3 failures)");
    }

    private static void assertFails(ThrowingCallable assertion, String message) {
        Failures.assertFails(TRACE, assertion, message);
    }
}
