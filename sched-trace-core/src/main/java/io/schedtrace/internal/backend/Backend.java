package io.schedtrace.internal.backend;

import io.schedtrace.model.Availability;
import io.schedtrace.model.TracingUnavailableException;

/** One way to get records. There is one instance of each in a JVM; any thread may use it. */
public interface Backend {
    /** Whether this way works here; if not, why, and what to do about it. Never throws. */
    Availability availability();

    /**
     * Opens a feed that has no processes yet.
     *
     * @throws TracingUnavailableException if this way does not work here
     * @throws IllegalStateException if what is asked for contradicts the feeds that are open
     */
    Feed open(FeedOptions options);

    /** A group of threads that belong to no feed yet. */
    Exclusion exclusion();

    /** Takes the calling thread out of the feed or exclusion that it has entered, or has from the thread that made it. */
    void leave();
}
