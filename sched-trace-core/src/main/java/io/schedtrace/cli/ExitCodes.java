package io.schedtrace.cli;

/** The exit statuses of sched-trace itself. Any other exit status is that of the traced command. */
final class ExitCodes {
    /** The options are wrong; nothing was started. */
    static final int USAGE = 2;
    /** sched-trace itself failed, for example because tracing is not available; as of env(1) and timeout(1). */
    static final int OWN_FAILURE = 125;
    /** The command was found but cannot be run. */
    static final int CANNOT_RUN = 126;
    /** The command was not found. */
    static final int NOT_FOUND = 127;

    private ExitCodes() {}
}
