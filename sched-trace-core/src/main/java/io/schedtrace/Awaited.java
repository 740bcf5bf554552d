package io.schedtrace;

import io.schedtrace.internal.pattern.PeerPattern;
import io.schedtrace.model.ListenSpan;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TcpSpan.Role;
import io.schedtrace.model.Trace;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A span that somebody waits for. It is a condition for {@link Tracer#await} that keeps what it has found, for one wait.
 *
 * @param <S> the kind of span
 */
final class Awaited<S> implements Predicate<Trace> {
    private static final int LAST_PORT = 65_535;

    private final String what;
    private final Function<Trace, Stream<S>> find;
    private @Nullable S found;

    private Awaited(String what, Function<Trace, Stream<S>> find) {
        this.what = what;
        this.find = find;
    }

    /** A process that has begun a program of that name. */
    static Awaited<ProcessSpan> process(String name) {
        if (name.isEmpty() || name.indexOf('/') >= 0) {
            throw new IllegalArgumentException(
                    "the name of a program is not empty and has no '/', as in \"redis-server\": \"" + name + '"');
        }
        return new Awaited<>(
                "a process named '" + name + "'",
                trace -> trace.processes().stream()
                        .filter(process -> process.execs().stream()
                                .anyMatch(exec -> exec.name().equals(name))));
    }

    /** A socket that listens on that port. */
    static Awaited<ListenSpan> listener(int port) {
        if (port < 1 || port > LAST_PORT) {
            throw new IllegalArgumentException("a port is a number from 1 to " + LAST_PORT + ", not " + port);
        }
        return new Awaited<>(
                "a socket that listens on port " + port,
                trace -> trace.listeners().stream()
                        .filter(listener ->
                                listener.listening() && Integer.valueOf(port).equals(listener.port())));
    }

    /** An established connection to a peer. */
    static Awaited<TcpSpan> connection(String peer) {
        PeerPattern pattern = PeerPattern.parse(peer);
        return new Awaited<>(
                "a connection to '" + pattern + "'",
                trace -> trace.connections().stream()
                        .filter(connection -> connection.role() == Role.CLIENT
                                && connection.establishedTime() != null
                                && pattern.fits(connection)));
    }

    /** What a condition waits for, for messages. */
    static String describe(Predicate<? super Trace> condition) {
        return condition instanceof Awaited<?> awaited ? awaited.what : "the condition";
    }

    @Override
    public boolean test(Trace trace) {
        found = find.apply(trace).findFirst().orElse(null);
        return found != null;
    }

    /** Waits until the span is in the trace, and returns it. */
    S in(Tracer tracer, Duration timeout) throws InterruptedException {
        tracer.await(this, timeout);
        if (found == null) {
            throw new IllegalStateException("the tracer has returned before there was " + what);
        }
        return found;
    }
}
