package io.schedtrace.cli;

/** Exit statuses of our own; all others are the command's. */
final class ExitCodes {
    /** The options are wrong; nothing was started. */
    static final int USAGE = 2;
    /** We failed ourselves, as env(1) and timeout(1) have it: tracing is not available. */
    static final int OWN_FAILURE = 125;
    /** The command was found and cannot be run. */
    static final int CANNOT_RUN = 126;
    /** The command was not found. */
    static final int NOT_FOUND = 127;

    private ExitCodes() {}
}
