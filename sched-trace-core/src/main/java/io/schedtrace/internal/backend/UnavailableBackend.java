package io.schedtrace.internal.backend;

import io.schedtrace.model.Availability;
import io.schedtrace.model.Availability.Reason;
import io.schedtrace.model.TracingUnavailableException;

/**
 * Stands for a way to trace that cannot be had at all.
 *
 * @param reason why not
 * @param message the reason in words, with the remedy
 */
public record UnavailableBackend(Reason reason, String message) implements Backend {
    @Override
    public Availability availability() {
        return new Availability(reason, message);
    }

    @Override
    public Feed open(FeedOptions options) {
        throw new TracingUnavailableException(reason, message);
    }

    @Override
    public Exclusion exclusion() {
        return Exclusion.NONE;
    }

    @Override
    public void leave() {}
}
