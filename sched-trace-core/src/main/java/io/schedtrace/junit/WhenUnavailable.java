package io.schedtrace.junit;

/**
 * What becomes of a traced test where this machine, kernel or user cannot trace.
 *
 * <p>The configuration parameter {@value #PARAMETER} (a JUnit configuration parameter or a system property) takes
 * precedence over what the tests say, for example on a build server that must not skip anything; so does the environment
 * variable {@value #REQUIRE}, which means {@link #FAIL} when it is 1.
 */
public enum WhenUnavailable {
    /** It is skipped, with the reason. */
    SKIP,
    /** It fails, with the reason. */
    FAIL,
    /** It runs. An injected {@link io.schedtrace.Tracer} starts processes and has an empty trace; nothing is checked. */
    RUN_UNTRACED;

    /** The configuration parameter that takes precedence; its value is one of the names here, in upper or lower case. */
    public static final String PARAMETER = "io.schedtrace.whenUnavailable";

    /** The environment variable that makes a build fail where it cannot trace. */
    public static final String REQUIRE = "SCHED_TRACE_REQUIRE";
}
