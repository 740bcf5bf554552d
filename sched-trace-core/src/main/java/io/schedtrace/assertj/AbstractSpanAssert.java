package io.schedtrace.assertj;

import io.schedtrace.internal.text.Ascii;
import io.schedtrace.model.Trace;
import java.util.function.Function;
import java.util.function.Predicate;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.SoftAssertionsProvider;
import org.jspecify.annotations.Nullable;

/**
 * What assertions on a trace and on its parts share: they look at one trace, and their failures show its tree.
 *
 * @param <SELF> the type of the assertion itself
 * @param <ACTUAL> what is looked at
 */
public abstract class AbstractSpanAssert<SELF extends AbstractSpanAssert<SELF, ACTUAL>, ACTUAL>
        extends AbstractAssert<SELF, ACTUAL> {
    private @Nullable Trace trace;
    private @Nullable SoftAssertionsProvider collector;
    private boolean absent;

    AbstractSpanAssert(@Nullable ACTUAL actual, Class<?> selfType) {
        super(actual, selfType);
    }

    /**
     * Says where the subject belongs.
     *
     * @param whole the trace
     * @param failures who collects the failures; null to throw them
     */
    final SELF of(@Nullable Trace whole, @Nullable SoftAssertionsProvider failures) {
        trace = whole;
        collector = failures;
        return myself;
    }

    /** The trace that the subject belongs to. */
    final Trace trace() {
        if (trace == null) {
            throw new IllegalStateException("no trace to look into; begin with TraceAssertions.assertThat");
        }
        return trace;
    }

    /** Who collects the failures; null if they are thrown. */
    final @Nullable SoftAssertionsProvider collector() {
        return collector;
    }

    /** Fails with {@code complaint}, and the tree below it, unless {@code holds}. */
    final SELF expect(Predicate<ACTUAL> holds, Function<ACTUAL, String> complaint) {
        if (absent) {
            return myself;
        }
        if (actual == null) {
            throw failure("%s", "\nExpecting actual not to be null");
        }
        if (!holds.test(actual)) {
            throw failure("%s", Ascii.ifNeeded("\n" + complaint.apply(actual) + "\nin:\n" + Described.tree(trace())));
        }
        return myself;
    }

    /**
     * Goes on to a part of the subject. Where failures are collected and the part is missing, that is told once: what
     * is said of it then is not looked at.
     *
     * @param next makes the assertion on the part
     * @param nextType its class
     * @param partType the class of the part
     * @param part what to go on to; null if it is missing
     * @param complaint tells that it is missing
     */
    final <P, A extends AbstractSpanAssert<A, P>> A goOn(
            Function<@Nullable P, A> next,
            Class<A> nextType,
            Class<P> partType,
            Function<ACTUAL, @Nullable P> part,
            Function<ACTUAL, String> complaint) {
        if (absent) {
            return nothing(next.apply(null));
        }
        SoftAssertionsProvider failures = collector;
        try {
            expect(whole -> part.apply(whole) != null, complaint);
        } catch (AssertionError e) {
            if (failures == null) {
                throw e;
            }
            failures.collectAssertionError(e);
            return nothing(next.apply(null));
        }
        P found = part.apply(actual);
        A assertion = failures == null ? next.apply(found) : failures.proxy(nextType, partType, found);
        return assertion.of(trace, failures);
    }

    private static <A extends AbstractSpanAssert<A, ?>> A nothing(A assertion) {
        ((AbstractSpanAssert<A, ?>) assertion).absent = true;
        return assertion;
    }
}
