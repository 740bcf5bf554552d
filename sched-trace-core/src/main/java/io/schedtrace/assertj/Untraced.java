package io.schedtrace.assertj;

import org.opentest4j.TestAbortedException;
import org.testng.SkipException;

/** Ends a test that asserts on a trace in which nothing was recorded. */
final class Untraced {
    private static final String MESSAGE =
            "nothing can be asserted on this trace: it is UNTRACED, nothing was recorded; Tracing.availability() says why";

    private Untraced() {}

    /** The exception that the test framework takes for an aborted test; an error if none of those is known here. */
    static Throwable exception() {
        try {
            return new TestAbortedException(MESSAGE);
        } catch (NoClassDefFoundError e) {
            return withoutOpenTest();
        }
    }

    private static Throwable withoutOpenTest() {
        try {
            return new SkipException(MESSAGE);
        } catch (NoClassDefFoundError e) {
            return new AssertionError(MESSAGE);
        }
    }

    /** Throws {@link #exception()}; declared to return it so that the compiler knows. */
    static RuntimeException abort() {
        Throwable exception = exception();
        if (exception instanceof Error error) {
            throw error;
        }
        return (RuntimeException) exception;
    }
}
