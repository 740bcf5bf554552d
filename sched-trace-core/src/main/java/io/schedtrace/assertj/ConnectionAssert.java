package io.schedtrace.assertj;

import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TcpSpan.Counters;
import io.schedtrace.model.TcpSpan.Outcome;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
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

    /**
     * Succeeds if the time from the first SYN to the end of the connection, or until the trace was taken, is so long.
     *
     * <pre><code class='java'>
     * // curl http://localhost:8080/, which takes 20 ms
     * assertThat(trace).connection("localhost", 8080).lasted(lessThan(Duration.ofSeconds(1))); // passes
     * assertThat(trace).connection("localhost", 8080).lasted(atLeast(Duration.ofSeconds(1))); // fails</code></pre>
     */
    public ConnectionAssert lasted(DurationBound bound) {
        return expect(
                connection -> bound.holds(connection.duration()),
                connection -> complaint(connection, "to have lasted:\n  " + bound) + "\nbut it lasted:\n  "
                        + Described.duration(connection.duration()));
    }

    /**
     * Succeeds if this side has sent so many bytes: payload, without retransmissions. Fails if that is not known, as while
     * the connection is open.
     *
     * <pre><code class='java'>
     * // printf hello | nc -N localhost 8080
     * assertThat(trace).connection("localhost", 8080).sentBytes(5); // passes
     * assertThat(trace).connection("localhost", 8080).sentBytes(6); // fails</code></pre>
     */
    public ConnectionAssert sentBytes(long bytes) {
        return carried("sent", Counters::bytesSent, bytes, bytes);
    }

    /**
     * Succeeds if this side has sent from {@code least} to {@code most} bytes, both included.
     *
     * <pre><code class='java'>
     * // printf hello | nc -N localhost 8080
     * assertThat(trace).connection("localhost", 8080).sentBytesBetween(1, 100); // passes
     * assertThat(trace).connection("localhost", 8080).sentBytesBetween(6, 100); // fails</code></pre>
     *
     * @throws IllegalArgumentException if {@code least} is negative or more than {@code most}
     */
    public ConnectionAssert sentBytesBetween(long least, long most) {
        return carried("sent", Counters::bytesSent, least, most);
    }

    /**
     * Succeeds if this side has received so many bytes: payload, in order. Fails if that is not known, as while the
     * connection is open.
     *
     * <pre><code class='java'>
     * // printf hello | nc -N localhost 8080, which answers with 3 bytes
     * assertThat(trace).connection("localhost", 8080).receivedBytes(3); // passes
     * assertThat(trace).connection("localhost", 8080).receivedBytes(5); // fails</code></pre>
     */
    public ConnectionAssert receivedBytes(long bytes) {
        return carried("received", Counters::bytesReceived, bytes, bytes);
    }

    /**
     * Succeeds if this side has received from {@code least} to {@code most} bytes, both included.
     *
     * <pre><code class='java'>
     * // printf hello | nc -N localhost 8080, which answers with 3 bytes
     * assertThat(trace).connection("localhost", 8080).receivedBytesBetween(1, 100); // passes
     * assertThat(trace).connection("localhost", 8080).receivedBytesBetween(5, 100); // fails</code></pre>
     *
     * @throws IllegalArgumentException if {@code least} is negative or more than {@code most}
     */
    public ConnectionAssert receivedBytesBetween(long least, long most) {
        return carried("received", Counters::bytesReceived, least, most);
    }

    private ConnectionAssert carried(String verb, ToLongFunction<Counters> bytes, long least, long most) {
        if (least < 0 || least > most) {
            throw new IllegalArgumentException(
                    "numbers of bytes are not negative, and the least comes first: " + least + " to " + most);
        }
        String range = least == most ? Described.bytes(most) : least + " to " + Described.bytes(most);
        return expect(
                connection -> {
                    Counters counters = connection.counters();
                    return counters != null
                            && bytes.applyAsLong(counters) >= least
                            && bytes.applyAsLong(counters) <= most;
                },
                connection -> {
                    Counters counters = connection.counters();
                    return complaint(connection, "to have " + verb + ":\n  " + range) + "\nbut "
                            + (counters == null
                                    ? "that is not known before it closes; it was:\n  " + connection.describeOutcome()
                                    : "it " + verb + ":\n  " + Described.bytes(bytes.applyAsLong(counters)));
                });
    }

    private ConnectionAssert expect(Predicate<TcpSpan> holds, String what) {
        return expect(
                holds, connection -> complaint(connection, what) + "\nbut it was:\n  " + connection.describeOutcome());
    }

    private static String complaint(TcpSpan connection, String what) {
        return "Expecting connection to:\n  " + Described.peer(connection) + "\n" + what;
    }
}
