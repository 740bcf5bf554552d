package io.schedtrace.internal.session;

import io.schedtrace.internal.backend.Backend;
import io.schedtrace.internal.backend.Exclusion;
import io.schedtrace.internal.backend.Feed;
import io.schedtrace.internal.backend.FeedOptions;
import io.schedtrace.model.Availability;
import io.schedtrace.model.Availability.Reason;
import io.schedtrace.model.TracingUnavailableException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Several ways to trace, of which each session takes the first that works. They differ in the privileges and in the
 * kernel that they need. Where there is no Linux or no native library, none of them works.
 *
 * @param ways the ways, best first
 */
record FirstAvailable(List<Backend> ways) implements Backend {
    @Override
    public Availability availability() {
        Reason reason = null;
        Set<String> messages = new LinkedHashSet<>();
        for (Backend way : ways) {
            Availability availability = way.availability();
            if (availability.available()) {
                return availability;
            }
            reason = first(reason, availability.reason());
            messages.add(availability.message());
            if (concernsAll(reason)) {
                break;
            }
        }
        return new Availability(reason, joined(messages));
    }

    @Override
    public Feed open(FeedOptions options) {
        Reason reason = null;
        Set<String> messages = new LinkedHashSet<>();
        for (Backend way : ways) {
            try {
                return way.open(options);
            } catch (TracingUnavailableException e) {
                reason = first(reason, e.reason());
                messages.add(String.valueOf(e.getMessage()));
                if (concernsAll(reason)) {
                    break;
                }
            }
        }
        throw new TracingUnavailableException(first(reason, Reason.REFUSED), joined(messages));
    }

    private static boolean concernsAll(Reason reason) {
        return reason == Reason.NOT_LINUX || reason == Reason.LIBRARY_MISSING;
    }

    private static Reason first(@Nullable Reason before, @Nullable Reason next) {
        return before != null ? before : next == null ? Reason.REFUSED : next;
    }

    /** What several ways say alike is said once. */
    private static String joined(Set<String> messages) {
        return String.join("; or: ", messages);
    }

    /** One way at a time has feeds, and knows its exclusions whichever way is asked. */
    @Override
    public Exclusion exclusion() {
        return ways.get(0).exclusion();
    }

    @Override
    public void leave() {
        ways.get(0).leave();
    }
}
