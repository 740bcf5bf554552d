package io.schedtrace.assertj;

import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TcpSpan.Outcome;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Assertions on a TCP connection. {@link AbstractConnectionsAssert#connection(String, int)} leads to them. */
public class ConnectionAssert extends AbstractSpanAssert<ConnectionAssert, TcpSpan> {
    /** For AssertJ, which makes soft assertions of it; {@link TraceAssertions} is for you. */
    public ConnectionAssert(@Nullable TcpSpan actual) {
        super(actual, ConnectionAssert.class);
    }

    /**
     * Succeeds if the peer refused the connection: nobody listened there.
     *
     * <pre><code class='java'>
     * // curl http://localhost:1/, where nobody listens
     * assertThat(trace).connection("localhost", 1).wasRefused(); // passes
     * // curl http://localhost:8080/, where a server listens
     * assertThat(trace).connection("localhost", 8080).wasRefused(); // fails</code></pre>
     */
    public ConnectionAssert wasRefused() {
        return expect(connection -> connection.outcome() == Outcome.REFUSED, "to have been refused");
    }

    /**
     * Succeeds if the connection was established, however it ended later.
     *
     * <pre><code class='java'>
     * // curl http://localhost:8080/, where a server listens
     * assertThat(trace).connection("localhost", 8080).wasEstablished(); // passes
     * // curl http://localhost:1/, where nobody listens
     * assertThat(trace).connection("localhost", 1).wasEstablished(); // fails</code></pre>
     */
    public ConnectionAssert wasEstablished() {
        return expect(connection -> connection.establishedTime() != null, "to have been established");
    }

    private ConnectionAssert expect(Predicate<TcpSpan> holds, String what) {
        return expect(
                holds,
                connection -> "Expecting connection to:\n  " + Described.peer(connection) + "\n" + what
                        + "\nbut it was:\n  " + connection.describeOutcome());
    }
}
