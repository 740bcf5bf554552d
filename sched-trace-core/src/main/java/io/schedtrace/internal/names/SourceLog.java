package io.schedtrace.internal.names;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Logs what sources throw: its class and place, never its message, which may hold a value of the environment. */
final class SourceLog {
    private static final Logger LOGGER = System.getLogger("io.schedtrace");

    private SourceLog() {}

    /** Logs that {@code what} has thrown {@code failure}. */
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
