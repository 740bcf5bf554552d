package io.schedtrace.internal.session;

import java.io.IOException;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** Lets processes be started until it is shut. Several may be started at the same time. */
final class StartGate {
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean shut;

    /** Starts a process. */
    interface Starter {
        Process start() throws IOException;
    }

    /**
     * Starts a process.
     *
     * @throws IllegalStateException if the gate is shut
     */
    Process start(Starter starter) throws IOException {
        lock.readLock().lock();
        try {
            if (shut) {
                throw new IllegalStateException("the tracer is closed; open a new one");
            }
            return starter.start();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Shuts the gate, and waits for starts that are under way. */
    void shut() {
        lock.writeLock().lock();
        shut = true;
        lock.writeLock().unlock();
    }
}
