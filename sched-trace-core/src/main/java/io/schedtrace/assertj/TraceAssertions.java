package io.schedtrace.assertj;

import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.Trace;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The way in to assertions on traces. */
public final class TraceAssertions {
    private TraceAssertions() {}

    /**
     * Begins an assertion on a trace.
     *
     * <pre><code class='java'>
     * try (var t = Tracer.launch("sh", "-c", "ls | wc -l")) {
     *     Trace trace = t.awaitTree(Duration.ofSeconds(5));
     *     assertThat(trace).isComplete().hasProcess("wc").process("ls").exitedWith(0); // passes
     *     assertThat(trace).hasProcess("grep"); // fails
     * }</code></pre>
     */
    public static TraceAssert assertThat(@Nullable Trace actual) {
        return new TraceAssert(actual);
    }

    /**
     * Begins an assertion on a process of a trace: one that you have picked by other means than {@link
     * TraceAssert#process(String)}.
     *
     * <pre><code class='java'>
     * for (ProcessSpan compiler : trace.processes()) {
     *     assertThat(trace, compiler).exitedWith(0);
     * }</code></pre>
     *
     * @param trace the trace of the process: its children and connections are looked up there
     */
    public static ProcessAssert assertThat(Trace trace, @Nullable ProcessSpan actual) {
        return new ProcessAssert(actual).of(trace, null);
    }

    /**
     * Begins an assertion on a connection of a trace: one that you have picked by other means than {@link
     * AbstractConnectionsAssert#connection(String, int)}.
     *
     * <pre><code class='java'>
     * for (TcpSpan connection : trace.connections()) {
     *     assertThat(trace, connection).wasEstablished();
     * }</code></pre>
     */
    public static ConnectionAssert assertThat(Trace trace, @Nullable TcpSpan actual) {
        return new ConnectionAssert(actual).of(trace, null);
    }

    /** A time shorter than {@code limit}, for {@link ProcessAssert#ranFor} and {@link ConnectionAssert#lasted}. */
    public static DurationBound lessThan(Duration limit) {
        return DurationBound.lessThan(limit);
    }

    /** A time of {@code limit} or longer, for {@link ProcessAssert#ranFor} and {@link ConnectionAssert#lasted}. */
    public static DurationBound atLeast(Duration limit) {
        return DurationBound.atLeast(limit);
    }

    /**
     * A time from {@code shortest} to {@code longest}, both included, for {@link ProcessAssert#ranFor} and {@link
     * ConnectionAssert#lasted}.
     *
     * @throws IllegalArgumentException if {@code shortest} is longer than {@code longest}
     */
    public static DurationBound between(Duration shortest, Duration longest) {
        return DurationBound.between(shortest, longest);
    }
}
