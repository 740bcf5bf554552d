package io.schedtrace.junit;

import io.schedtrace.ThreadScope;
import io.schedtrace.Tracer;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TraceId;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.function.Predicate;

/** The tracer of a test, as the test sees it: the extension closes it, and nothing starts in it afterwards. */
final class TestTracer implements Tracer {
    private final Tracer tracer;
    private final String test;
    private volatile boolean ended;

    TestTracer(Tracer tracer, String test) {
        this.tracer = tracer;
        this.test = test;
    }

    void end() {
        ended = true;
    }

    @Override
    public TraceId traceId() {
        return tracer.traceId();
    }

    @Override
    public Process start(ProcessBuilder builder) throws IOException {
        requireOpen();
        return tracer.start(builder);
    }

    @Override
    public ThreadScope enter() {
        requireOpen();
        return tracer.enter();
    }

    @Override
    public Runnable wrap(Runnable task) {
        requireOpen();
        return tracer.wrap(task);
    }

    @Override
    public <T> Callable<T> wrap(Callable<T> task) {
        requireOpen();
        return tracer.wrap(task);
    }

    @Override
    public Executor wrap(Executor executor) {
        requireOpen();
        return tracer.wrap(executor);
    }

    @Override
    public ExecutorService wrap(ExecutorService executor) {
        requireOpen();
        return tracer.wrap(executor);
    }

    @Override
    public Trace trace() {
        return tracer.trace();
    }

    @Override
    public Trace awaitTree(Duration timeout) throws InterruptedException {
        requireOpen();
        return tracer.awaitTree(timeout);
    }

    @Override
    public Trace await(Predicate<? super Trace> condition, Duration timeout) throws InterruptedException {
        requireOpen();
        return tracer.await(condition, timeout);
    }

    @Override
    public int killTree() throws InterruptedException {
        requireOpen();
        return tracer.killTree();
    }

    private void requireOpen() {
        if (ended) {
            throw new IllegalStateException(
                    "this tracer is that of " + test + ", which has ended; use the one of the test that runs");
        }
    }

    @Override
    public void close() {
        throw new IllegalStateException(
                "this tracer is that of " + test + " and is closed after it; do not close it in the test");
    }
}
