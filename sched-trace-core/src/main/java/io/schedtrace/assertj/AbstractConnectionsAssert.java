package io.schedtrace.assertj;

import io.schedtrace.internal.pattern.PeerPattern;
import io.schedtrace.model.ListenSpan;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TcpSpan.Role;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Assertions on the TCP connections that a trace or one process of it has made, and on its sockets that listen.
 * Connections that it accepted are not looked at.
 *
 * <p>A host is written as
 *
 * <ul>
 *   <li>a name, {@code db.test}: any of the {@linkplain TcpSpan#peerHosts() names known} for the peer, in any case;
 *   <li>{@code *.example.org}: any name below that;
 *   <li>{@code localhost}: every loopback address (127.0.0.0/8, ::1), whatever its names are;
 *   <li>an address, {@code 10.0.0.7} or {@code ::1}, or a network, {@code 10.0.0.0/8}: the peer's address, whatever its
 *       names are. An IPv4 address that was reached through IPv6 (::ffff:10.0.0.7) is the IPv4 address;
 *   <li>{@code *}: any host.
 * </ul>
 *
 * <p>Nothing is looked up: what is known stands in the trace.
 *
 * @param <SELF> the type of the assertion itself
 * @param <ACTUAL> what is looked at
 */
public abstract class AbstractConnectionsAssert<SELF extends AbstractConnectionsAssert<SELF, ACTUAL>, ACTUAL>
        extends AbstractSpanAssert<SELF, ACTUAL> {
    private static final int LAST_PORT = 65_535;

    AbstractConnectionsAssert(@Nullable ACTUAL actual, Class<?> selfType) {
        super(actual, selfType);
    }

    /** The subject, for a failure. */
    abstract String subject(ACTUAL of);

    /** The connections of the subject, accepted ones included. */
    abstract List<TcpSpan> connections(ACTUAL of);

    /** The listeners of the subject. */
    abstract List<ListenSpan> listeners(ACTUAL of);

    private List<TcpSpan> made(ACTUAL of) {
        return connections(of).stream()
                .filter(connection -> connection.role() == Role.CLIENT)
                .toList();
    }

    /**
     * Succeeds if a connection to that host and port was established: the server took it. One that was refused is none.
     *
     * <pre><code class='java'>
     * // curl http://localhost:8080/
     * assertThat(trace).connectedTo("localhost", 8080); // passes
     * assertThat(trace).connectedTo("127.0.0.0/8", 8080); // passes
     * assertThat(trace).connectedTo("localhost", 443); // fails</code></pre>
     *
     * @throws IllegalArgumentException if {@code host} is no host, or {@code port} no port
     */
    public SELF connectedTo(String host, int port) {
        PeerPattern pattern = PeerPattern.of(host, port);
        return expect(
                of -> made(of).stream().anyMatch(c -> pattern.fits(c) && c.establishedTime() != null),
                of -> "Expecting " + subject(of) + " to have connected to:\n" + Described.list(List.of(pattern))
                        + "\nbut the connections that it made were:\n" + connectionList(made(of)));
    }

    /**
     * Succeeds if there were no other connections, tried ones included, than to these hosts. There need not be any.
     *
     * <pre><code class='java'>
     * // curl http://localhost:8080/
     * assertThat(trace).connectedOnlyTo("localhost:8080", "*.test"); // passes
     * assertThat(trace).connectedOnlyTo("10.0.0.0/8", "localhost:443"); // fails</code></pre>
     *
     * @param allowed each {@code HOST} for every port of it, or {@code HOST:PORT}; an IPv6 address before a port stands
     *     in brackets
     * @throws IllegalArgumentException if one is anything else
     */
    public SELF connectedOnlyTo(String... allowed) {
        List<PeerPattern> patterns =
                Arrays.stream(allowed).map(PeerPattern::parse).toList();
        return expect(
                of -> strangers(of, patterns).isEmpty(),
                of -> "Expecting " + subject(of) + " to have connected only to:\n" + Described.list(patterns)
                        + "\nbut it also connected to:\n" + connectionList(strangers(of, patterns)));
    }

    private List<TcpSpan> strangers(ACTUAL of, List<PeerPattern> allowed) {
        return made(of).stream()
                .filter(connection -> allowed.stream().noneMatch(pattern -> pattern.fits(connection)))
                .toList();
    }

    /**
     * Succeeds if no connection was made or tried.
     *
     * <pre><code class='java'>
     * // ls
     * assertThat(trace).madeNoConnections(); // passes
     * // curl http://localhost:8080/
     * assertThat(trace).madeNoConnections(); // fails</code></pre>
     */
    public SELF madeNoConnections() {
        return expect(
                of -> made(of).isEmpty(),
                of -> "Expecting " + subject(of) + " to have made no connections\nbut it connected to:\n"
                        + connectionList(made(of)));
    }

    /**
     * Goes on to the connection that was made, or tried, to that host and port: the first of several.
     *
     * <pre><code class='java'>
     * // curl http://localhost:1/, where nobody listens
     * assertThat(trace).connection("localhost", 1).wasRefused(); // passes
     * assertThat(trace).connection("localhost", 2); // fails</code></pre>
     *
     * @throws IllegalArgumentException if {@code host} is no host, or {@code port} no port
     */
    public final ConnectionAssert connection(String host, int port) {
        PeerPattern pattern = PeerPattern.of(host, port);
        return goOn(
                ConnectionAssert::new,
                ConnectionAssert.class,
                TcpSpan.class,
                of -> made(of).stream().filter(pattern::fits).findFirst().orElse(null),
                of -> "Expecting " + subject(of) + " to have tried to connect to:\n" + Described.list(List.of(pattern))
                        + "\nbut the connections that it made were:\n" + connectionList(made(of)));
    }

    /**
     * Succeeds if a socket listened on that TCP port, on any address, for however long.
     *
     * <pre><code class='java'>
     * // redis-server --port 6379
     * assertThat(trace).listenedOn(6379); // passes
     * assertThat(trace).listenedOn(80); // fails</code></pre>
     *
     * @throws IllegalArgumentException if {@code port} is not from 1 to 65535
     */
    public SELF listenedOn(int port) {
        if (port < 1 || port > LAST_PORT) {
            throw new IllegalArgumentException("a port is a number from 1 to " + LAST_PORT + ", not " + port);
        }
        return expect(
                of -> listeners(of).stream()
                        .anyMatch(listener -> Integer.valueOf(port).equals(listener.port())),
                of -> "Expecting " + subject(of) + " to have listened on port:\n  " + port + "\nbut it listened on:\n"
                        + listenerList(listeners(of)));
    }

    /**
     * Succeeds if no socket listened.
     *
     * <pre><code class='java'>
     * // ls
     * assertThat(trace).didNotListen(); // passes
     * // redis-server --port 6379
     * assertThat(trace).didNotListen(); // fails</code></pre>
     */
    public SELF didNotListen() {
        return expect(
                of -> listeners(of).isEmpty(),
                of -> "Expecting " + subject(of) + " not to have listened\nbut it listened on:\n"
                        + listenerList(listeners(of)));
    }

    private static String listenerList(List<ListenSpan> listeners) {
        return Described.list(listeners.stream().map(ListenSpan::endpoint).toList());
    }

    private static String connectionList(List<TcpSpan> connections) {
        return Described.list(connections.stream().map(Described::connection).toList());
    }
}
