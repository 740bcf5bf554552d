package io.schedtrace.junit;

import java.util.Map;

/**
 * What becomes of a traced test where this machine, kernel or user cannot trace. Whatever it is, the JVM ends with a line
 * on standard error that says how many tests were not traced, why, and what to do about it.
 *
 * <p>The configuration parameter {@value #PARAMETER} (a JUnit configuration parameter or a system property) takes
 * precedence over what the tests say, for example on a build server that must not skip anything. So does the environment
 * variable {@value #REQUIRE}, which means {@link #FAIL} when it is 1.
 */
public enum WhenUnavailable {
    /** {@link #FAIL} on a build server, which sets the environment variable {@code CI} to {@code true}; else {@link #ABORT}. */
    AUTO,
    /**
     * The test runs. It is aborted, which is reported as skipped, as soon as it asks for its trace, or after it has passed
     * if it has a guard that could not be checked ({@link TraceProcesses}). It passes if it needs neither.
     */
    ABORT,
    /** The test does not run. It is reported as skipped, with the reason. */
    SKIP,
    /** The test does not run. It fails, with the reason. */
    FAIL,
    /**
     * The test runs and its guards are not checked. An injected {@link io.schedtrace.Tracer} starts processes. Its trace is
     * {@link io.schedtrace.model.Via#UNTRACED}, never complete, and an assertion of {@code io.schedtrace.assertj} on it aborts
     * the test.
     */
    RUN_UNTRACED;

    /** The configuration parameter that takes precedence. Its value is one of the names here, in upper or lower case. */
    public static final String PARAMETER = "io.schedtrace.whenUnavailable";

    /** The environment variable that makes a build fail where it cannot trace. */
    public static final String REQUIRE = "SCHED_TRACE_REQUIRE";

    /** What {@link #AUTO} means with these environment variables; every other constant means itself. */
    WhenUnavailable in(Map<String, String> environment) {
        return this != AUTO ? this : "true".equalsIgnoreCase(environment.get("CI")) ? FAIL : ABORT;
    }
}
