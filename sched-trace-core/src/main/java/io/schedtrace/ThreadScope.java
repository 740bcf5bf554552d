package io.schedtrace;

import io.schedtrace.internal.backend.Exclusion;
import io.schedtrace.internal.session.Backends;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A time during which a thread belongs to a tracer: the tracer traces what the thread starts, the threads that it makes,
 * and its own TCP connections, until the scope is closed. {@link Tracer#enter()} opens one:
 *
 * <pre>
 * try (ThreadScope scope = tracer.enter()) {
 *     new ProcessBuilder("make").start().waitFor();
 * }
 * </pre>
 *
 * <p>Scopes nest. The inner one has the thread; when it is closed, the outer one has it again. A thread that is made within
 * a scope belongs to that tracer for as long as the tracer is open.
 *
 * <p>A scope belongs to the thread that opened it.
 */
public final class ThreadScope implements AutoCloseable {
    private static final ThreadLocal<Deque<ThreadScope>> OPEN = ThreadLocal.withInitial(ArrayDeque::new);

    /** Keeps the tracer reachable while a thread is in its session; null in a scope outside of all tracers. */
    private final @Nullable ProcessTreeTracer tracer;

    private final Exclusion exclusion;
    private final Thread thread = Thread.currentThread();
    private boolean closed;

    private ThreadScope(@Nullable ProcessTreeTracer tracer, Exclusion exclusion) {
        this.tracer = tracer;
        this.exclusion = exclusion;
    }

    static ThreadScope enter(ProcessTreeTracer tracer) {
        ThreadScope scope = new ThreadScope(tracer, Exclusion.NONE);
        tracer.session().enter();
        OPEN.get().push(scope);
        return scope;
    }

    /**
     * Takes the calling thread out of all tracers until the scope is closed. What it starts meanwhile, the threads that it
     * makes, and its own TCP connections are not traced, not even by a tracer that {@linkplain
     * ProcessTreeTracer#enterJvm() has the whole JVM}. When the scope is closed, the thread belongs to the scope around
     * this one, if there is one, and the threads that were made in it belong to the whole JVM.
     *
     * @throws IllegalStateException on a virtual thread
     */
    public static ThreadScope outside() {
        ThreadScope scope = new ThreadScope(null, Backends.chosen().exclusion());
        scope.exclusion.enter();
        OPEN.get().push(scope);
        return scope;
    }

    /** Whether the innermost scope of the calling thread is one of that tracer. */
    static boolean isIn(ProcessTreeTracer tracer) {
        ThreadScope scope = OPEN.get().peek();
        return scope != null && scope.tracer == tracer;
    }

    /** Runs {@code action} with the calling thread in no scope, so that the threads that it makes are in none. */
    static void runUnscoped(Runnable action) {
        ThreadScope scope = OPEN.get().peek();
        if (scope == null) {
            OPEN.remove();
            action.run();
            return;
        }
        Backends.chosen().leave();
        try {
            action.run();
        } finally {
            scope.resume();
        }
    }

    /**
     * Ends the scope. Closing it twice does nothing.
     *
     * @throws IllegalStateException if this is not the thread that opened it; or if an inner scope was still open, which
     *     is closed with this one
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        if (Thread.currentThread() != thread) {
            throw new IllegalStateException(
                    "the scope of thread " + thread.getName() + " can only be closed by that thread");
        }
        Deque<ThreadScope> open = OPEN.get();
        boolean inOrder = open.peek() == this;
        while (!closed) {
            open.pop().end();
        }
        ThreadScope outer = open.peek();
        if (outer == null) {
            OPEN.remove();
            Backends.chosen().leave();
        } else {
            outer.resume();
        }
        if (!inOrder) {
            throw new IllegalStateException("an inner scope of thread " + thread.getName()
                    + " was still open and has been closed, too; close what a tracer's enter() returns before the scope"
                    + " around it");
        }
    }

    private void end() {
        closed = true;
        exclusion.close();
    }

    private void resume() {
        if (tracer == null) {
            exclusion.enter();
        } else if (!tracer.session().enterIfOpen()) {
            Backends.chosen().leave();
        }
    }
}
