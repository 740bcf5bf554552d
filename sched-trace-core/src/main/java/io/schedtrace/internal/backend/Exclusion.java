package io.schedtrace.internal.backend;

/**
 * Threads that belong to no feed, not even to one that has the whole JVM: what they start, the threads that they make, and
 * their TCP connections are not recorded. That ends with {@link #close()}.
 */
public interface Exclusion extends AutoCloseable {
    /** Where there is nothing to be excluded from. */
    Exclusion NONE = new Exclusion() {
        @Override
        public void enter() {}

        @Override
        public void close() {}
    };

    /** Excludes the calling thread, whatever it has entered before. Does nothing once this is closed. */
    void enter();

    /** Ends the exclusion of all its threads. Closing twice does nothing. */
    @Override
    void close();
}
