package io.schedtrace;

import io.schedtrace.internal.session.Backends;
import io.schedtrace.internal.session.Session;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/**
 * A stretch of a thread's life that belongs to a session: what the thread starts, the threads that it makes and its own
 * TCP connections are traced until the scope is closed. Made by {@link ProcessTreeTracer#enter()}.
 *
 * <p>Scopes nest: the inner one takes over, and closing it gives the thread back to the outer one. A thread that was made
 * within a scope stays in its session for life, as far as the session is open: what it starts later belongs to nobody.
 * A worker of a pool that outlives the scope in which it happened to be made can {@linkplain #leaveInherited() leave}.
 */
public final class ThreadScope implements AutoCloseable {
    private static final ThreadLocal<Deque<ThreadScope>> OPEN = ThreadLocal.withInitial(ArrayDeque::new);

    /** Held so that the tracer is not taken for abandoned while a thread is in its session. */
    private final ProcessTreeTracer tracer;

    private final Session session;
    private final Thread thread = Thread.currentThread();
    private boolean closed;

    private ThreadScope(ProcessTreeTracer tracer) {
        this.tracer = tracer;
        this.session = tracer.session();
    }

    static ThreadScope enter(ProcessTreeTracer tracer) {
        ThreadScope scope = new ThreadScope(tracer);
        scope.session.enter();
        OPEN.get().push(scope);
        return scope;
    }

    /**
     * Takes the calling thread out of the session that it belongs to by where it was made. A thread that has entered a
     * scope by itself, and one that belongs to no session, stay as they are.
     */
    public static void leaveInherited() {
        if (OPEN.get().isEmpty()) {
            OPEN.remove();
            Backends.chosen().leaveInherited();
        }
    }

    /** Runs {@code action} with the calling thread out of its scope, so that threads made meanwhile belong to nobody. */
    static <T> T outside(Supplier<T> action) {
        ThreadScope scope = OPEN.get().peek();
        if (scope == null || scope.session.isClosed()) {
            return action.get();
        }
        scope.session.leave();
        try {
            return action.get();
        } finally {
            scope.session.enterIfOpen();
        }
    }

    /**
     * Ends the scope. Closing twice does nothing.
     *
     * @throws IllegalStateException if this is not the thread that entered; or if an inner scope was still open, which is
     *     closed with this one
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
            open.element().closed = true;
            open.pop();
        }
        session.leave();
        ThreadScope outer = open.peek();
        if (outer == null) {
            OPEN.remove();
        } else {
            outer.session.enterIfOpen();
        }
        if (!inOrder) {
            throw new IllegalStateException("an inner scope of thread " + thread.getName()
                    + " was still open and has been closed, too; close what a tracer's enter() returns before the scope"
                    + " around it");
        }
    }
}
