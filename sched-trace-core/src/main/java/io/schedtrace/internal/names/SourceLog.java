package io.schedtrace.internal.names;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Logs exceptions of sources by class and place, without the message: it may contain a value of the environment. */
final class SourceLog {
    private static final Logger LOGGER = System.getLogger("io.schedtrace");

    private SourceLog() {}

    /** Logs that {@code what} threw {@code failure}. */
    static void failed(String what, Throwable failure) {
        StackTraceElement[] stack = failure.getStackTrace();
        LOGGER.log(
                Level.WARNING,
                "{0} failed: {1}{2}",
                what,
                failure.getClass().getName(),
                stack.length == 0 ? "" : " at " + stack[0]);
    }
}
