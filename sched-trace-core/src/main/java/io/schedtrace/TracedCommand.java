package io.schedtrace;

import io.schedtrace.model.Trace;
import io.schedtrace.model.TraceId;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A command under trace: a session with one process in it to begin with. Made by {@link Tracer#launch(String...)}. */
public final class TracedCommand implements Tracer {
    private final Tracer session;
    private final Process process;

    private TracedCommand(Tracer session, Process process) {
        this.session = session;
        this.process = process;
    }

    static TracedCommand launch(Tracer session, ProcessBuilder builder) throws IOException {
        boolean started = false;
        try {
            TracedCommand command = new TracedCommand(session, session.start(builder));
            started = true;
            return command;
        } finally {
            if (!started) {
                session.close();
            }
        }
    }

    /** The command. Its streams are those that the {@link ProcessBuilder} asked for. */
    public Process process() {
        return process;
    }

    /**
     * Waits until the command has ended; its descendants may run on.
     *
     * @return its exit code; 128 + n for signal n, as {@link Process#waitFor()} tells it
     * @throws InterruptedException if the thread is interrupted
     */
    public int waitFor() throws InterruptedException {
        return process.waitFor();
    }

    /**
     * Waits until the command has ended, for at most that long.
     *
     * @return whether it has
     * @throws InterruptedException if the thread is interrupted
     */
    public boolean waitFor(Duration timeout) throws InterruptedException {
        return process.waitFor(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
    }

    @Override
    public TraceId traceId() {
        return session.traceId();
    }

    @Override
    public Process start(ProcessBuilder builder) throws IOException {
        return session.start(builder);
    }

    @Override
    public ThreadScope enter() {
        return session.enter();
    }

    @Override
    public Runnable wrap(Runnable task) {
        return session.wrap(task);
    }

    @Override
    public <T> Callable<T> wrap(Callable<T> task) {
        return session.wrap(task);
    }

    @Override
    public Executor wrap(Executor executor) {
        return session.wrap(executor);
    }

    @Override
    public ExecutorService wrap(ExecutorService executor) {
        return session.wrap(executor);
    }

    @Override
    public Trace trace() {
        return session.trace();
    }

    @Override
    public Trace awaitTree(Duration timeout) throws InterruptedException {
        return session.awaitTree(timeout);
    }

    @Override
    public Trace await(Predicate<? super Trace> condition, Duration timeout) throws InterruptedException {
        return session.await(condition, timeout);
    }

    @Override
    public int killTree() throws InterruptedException {
        return session.killTree();
    }

    @Override
    public void close() {
        session.close();
    }
}
