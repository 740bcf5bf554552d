package io.schedtrace.junit;

/**
 * What becomes of processes of a test that are still alive after its last {@code @AfterEach} method (those of the class's
 * trace: after its last {@code @AfterAll} method). {@link #REPORT} and {@link #FAIL} give them half a second to end: a
 * process that has got its signal needs a moment.
 */
public enum LeakedProcesses {
    /** Nobody looks. */
    IGNORE,
    /** They are listed in the log (System.Logger {@code io.schedtrace}) and in a report entry. They run on. */
    REPORT,
    /** The test fails and lists them. They run on. */
    FAIL,
    /**
     * They are ended with SIGKILL, daemons that left their process group and session included, and listed in a report
     * entry. A test fails that one of them survives.
     */
    KILL
}
