package io.schedtrace.assertj;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.schedtrace.model.Trace;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Looks at what a failed assertion says. */
final class Failures {
    private Failures() {}

    /** Checks that {@code assertion} fails with {@code message}, followed by the tree of {@code trace}. */
    static void assertFails(Trace trace, ThrowingCallable assertion, String message) {
        AssertionError error = catchThrowableOfType(AssertionError.class, assertion);
        assertThat(error)
                .as("the failure of an assertion")
                .isNotNull()
                .hasMessage("\n" + message.stripTrailing() + "\nin:\n"
                        + trace.toString().indent(2).stripTrailing());
    }
}
