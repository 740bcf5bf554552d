package io.schedtrace.assertj;

import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.Trace;
import org.assertj.core.api.SoftAssertionsProvider;
import org.jspecify.annotations.Nullable;

/**
 * Adds assertions on traces to soft assertions of your own; {@link TraceSoftAssertions} has them together with
 * AssertJ's.
 *
 * <pre><code class='java'>
 * class OurSoftAssertions extends SoftAssertions implements TraceSoftAssertionsProvider {}</code></pre>
 */
public interface TraceSoftAssertionsProvider extends SoftAssertionsProvider {
    /** As {@link TraceAssertions#assertThat(Trace)}; failures are collected, those of its parts included. */
    default TraceAssert assertThat(@Nullable Trace actual) {
        return proxy(TraceAssert.class, Trace.class, actual).of(actual, this);
    }

    /** As {@link TraceAssertions#assertThat(Trace, ProcessSpan)}; failures are collected. */
    default ProcessAssert assertThat(Trace trace, @Nullable ProcessSpan actual) {
        return proxy(ProcessAssert.class, ProcessSpan.class, actual).of(trace, this);
    }

    /** As {@link TraceAssertions#assertThat(Trace, TcpSpan)}; failures are collected. */
    default ConnectionAssert assertThat(Trace trace, @Nullable TcpSpan actual) {
        return proxy(ConnectionAssert.class, TcpSpan.class, actual).of(trace, this);
    }
}
