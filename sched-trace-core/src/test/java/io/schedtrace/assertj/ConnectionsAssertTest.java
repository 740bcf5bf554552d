package io.schedtrace.assertj;

import static io.schedtrace.assertj.SampleTrace.CURL;
import static io.schedtrace.assertj.SampleTrace.LS;
import static io.schedtrace.assertj.SampleTrace.REFUSED;
import static io.schedtrace.assertj.SampleTrace.TO_DB;
import static io.schedtrace.assertj.SampleTrace.TRACE;
import static io.schedtrace.assertj.TraceAssertions.assertThat;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ConnectionsAssertTest {
    @Test
    void shouldFindAnEstablishedConnection() {
        assertThat(TRACE).connectedTo("db.test", 5432).connectedTo("10.0.0.0/8", 5432);
        assertThat(TRACE).process("curl").connectedTo("db.example.org", 5432);
        assertFails(() -> assertThat(TRACE).connectedTo("db.test", 5433), """
                Expecting trace to have connected to:
                  db.test:5433
                but the connections that it made were:
                  db.test:5432 (10.0.0.7), closed
                  127.0.0.1:1, refused (ECONNREFUSED)
                """);
        assertFails(() -> assertThat(TRACE, LS).connectedTo("::1", 5432), """
                Expecting process ls [2] to have connected to:
                  [::1]:5432
                but the connections that it made were:
                  (none)
                """);
    }

    @Test
    void shouldNotTakeARefusedOrAnAcceptedConnectionForOneThatConnected() {
        assertFails(() -> assertThat(TRACE).connectedTo("localhost", 1), """
                Expecting trace to have connected to:
                  localhost:1
                but the connections that it made were:
                  db.test:5432 (10.0.0.7), closed
                  127.0.0.1:1, refused (ECONNREFUSED)
                """);
        assertFails(() -> assertThat(TRACE).connectedTo("client.test", 50_001), """
                Expecting trace to have connected to:
                  client.test:50001
                but the connections that it made were:
                  db.test:5432 (10.0.0.7), closed
                  127.0.0.1:1, refused (ECONNREFUSED)
                """);
    }

    @Test
    void shouldFindStrangers() {
        assertThat(TRACE).connectedOnlyTo("*.test:5432", "localhost");
        assertThat(TRACE).process("curl").connectedOnlyTo("*");
        assertThat(TRACE, LS).connectedOnlyTo();
        assertFails(() -> assertThat(TRACE).connectedOnlyTo("db.test:*", "[::1]:1"), """
                Expecting trace to have connected only to:
                  db.test:*
                  [::1]:1
                but it also connected to:
                  127.0.0.1:1, refused (ECONNREFUSED)
                """);
        assertFails(() -> assertThat(TRACE, CURL).connectedOnlyTo(), """
                Expecting process curl [3] to have connected only to:
                  (none)
                but it also connected to:
                  db.test:5432 (10.0.0.7), closed
                  127.0.0.1:1, refused (ECONNREFUSED)
                """);
    }

    @Test
    void shouldSeeThatThereWereNone() {
        assertThat(TRACE).process("ls").madeNoConnections();
        assertFails(() -> assertThat(TRACE).process("curl").madeNoConnections(), """
                Expecting process curl [3] to have made no connections
                but it connected to:
                  db.test:5432 (10.0.0.7), closed
                  127.0.0.1:1, refused (ECONNREFUSED)
                """);
    }

    @Test
    void shouldGoOnToAConnection() {
        assertThat(TRACE).connection("localhost", 1).isEqualTo(REFUSED).wasRefused();
        assertThat(TRACE).process("curl").connection("db.test", 5432).wasEstablished();
        assertFails(() -> assertThat(TRACE).connection("localhost", 2), """
                Expecting trace to have tried to connect to:
                  localhost:2
                but the connections that it made were:
                  db.test:5432 (10.0.0.7), closed
                  127.0.0.1:1, refused (ECONNREFUSED)
                """);
    }

    @Test
    void shouldCheckTheOutcome() {
        assertFails(() -> assertThat(TRACE, TO_DB).wasRefused(), """
                Expecting connection to:
                  db.test:5432 (10.0.0.7)
                to have been refused
                but it was:
                  closed
                """);
        assertFails(() -> assertThat(TRACE).connection("localhost", 1).wasEstablished(), """
                Expecting connection to:
                  127.0.0.1:1
                to have been established
                but it was:
                  refused (ECONNREFUSED)
                """);
    }

    private static void assertFails(ThrowingCallable assertion, String message) {
        Failures.assertFails(TRACE, assertion, message);
    }
}
