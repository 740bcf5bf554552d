package io.schedtrace.internal.record;

import org.jspecify.annotations.Nullable;

/** How a process came to belong to a session. */
public sealed interface Origin {
    /** A thread of the traced JVM started it by itself, for example with {@link ProcessBuilder#start()} in a test. */
    Origin TEST_THREAD = new TestThread();

    /**
     * The tracer started it.
     *
     * @param span the span id that the tracer chose for it; null in all records but the first
     */
    record Launched(@Nullable Long span) implements Origin {}

    /** See {@link #TEST_THREAD}. */
    record TestThread() implements Origin {}

    /**
     * Another process of the session forked it.
     *
     * @param process that process, by its number in the session
     */
    record ForkedBy(long process) implements Origin {}

    /** The process that forked it, by its number in the session; {@link TraceRecord#THIS_JVM} if none of them did. */
    default long parent() {
        return this instanceof ForkedBy forked ? forked.process : TraceRecord.THIS_JVM;
    }
}
