package io.schedtrace.junit;

import io.schedtrace.ThreadScope;
import io.schedtrace.Tracer;
import io.schedtrace.model.Availability;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TraceId;
import io.schedtrace.model.Via;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.function.Predicate;
import org.opentest4j.TestAbortedException;

/**
 * Stands in for a tracer where tracing is not available. It starts processes, and what asks for the trace aborts the
 * test, or gets one that is {@linkplain Via#UNTRACED untraced}.
 */
final class UntracedTracer implements Tracer {
    private final TraceId traceId = TraceId.random();
    private final Availability availability;
    private final boolean aborts;

    /** @param aborts whether a test that asks for the trace is aborted */
    UntracedTracer(Availability availability, boolean aborts) {
        this.availability = availability;
        this.aborts = aborts;
    }

    @Override
    public TraceId traceId() {
        return traceId;
    }

    @Override
    public Process start(ProcessBuilder builder) throws IOException {
        return builder.start();
    }

    @Override
    public ThreadScope enter() {
        return ThreadScope.outside();
    }

    @Override
    public Runnable wrap(Runnable task) {
        return task;
    }

    @Override
    public <T> Callable<T> wrap(Callable<T> task) {
        return task;
    }

    @Override
    public Executor wrap(Executor executor) {
        return executor;
    }

    @Override
    public ExecutorService wrap(ExecutorService executor) {
        return executor;
    }

    @Override
    public Trace trace() {
        if (aborts) {
            throw new TestAbortedException("the test asks for its trace, and " + UntracedTests.reason(availability));
        }
        return Trace.builder().traceId(traceId).via(Via.UNTRACED).build();
    }

    @Override
    public Trace awaitTree(Duration timeout) {
        return trace();
    }

    @Override
    public Trace await(Predicate<? super Trace> condition, Duration timeout) {
        throw new TestAbortedException("the test waits for its trace, and " + UntracedTests.reason(availability));
    }

    @Override
    public int killTree() {
        trace();
        return 0;
    }

    @Override
    public void close() {}
}
