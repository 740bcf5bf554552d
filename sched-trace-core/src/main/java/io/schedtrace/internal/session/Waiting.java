package io.schedtrace.internal.session;

import io.schedtrace.internal.backend.Feed;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TraceTimeoutException;
import java.time.Duration;
import java.util.function.Predicate;

/** Waits for conditions on the trace of a session. */
final class Waiting {
    private final Session session;
    private final Feed feed;
    private final Completion completion;

    Waiting(Session session, Feed feed, Completion completion) {
        this.session = session;
        this.feed = feed;
        this.completion = completion;
    }

    /** See {@link Session#await}. The condition is tested without a lock. */
    Trace await(String what, Predicate<? super Trace> condition, Duration timeout) throws InterruptedException {
        if (session.isClosed()) {
            throw new IllegalStateException(
                    "the tracer is closed, so that nothing more happens in it; wait before that");
        }
        boolean last = timeout.isZero() || timeout.isNegative();
        long deadline = last ? System.nanoTime() : Completion.after(timeout);
        completion.beginWatch();
        feed.hurry();
        try {
            while (true) {
                long seen = completion.changes();
                Trace trace = session.trace();
                if (condition.test(trace)) {
                    return trace;
                }
                if (session.isClosed()) {
                    throw new IllegalStateException("the tracer was closed while somebody waited for " + what);
                }
                if (last) {
                    throw new TraceTimeoutException(what, timeout, trace);
                }
                last = !completion.awaitChange(seen, deadline);
            }
        } finally {
            feed.relax();
            completion.endWatch();
        }
    }
}
