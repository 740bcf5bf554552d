package io.schedtrace.junit;

/**
 * What becomes of strays: processes and connections of this JVM that belong to no single test, because tests run in
 * parallel and the thread that started them was made by none of them. They are recorded in a trace of their own, with the
 * tests that were running then.
 */
public enum Strays {
    /**
     * A stray that breaks a guard of a test that was running fails that test; the run fails if that test is over by the time
     * that this is known. Other strays are reported.
     */
    FAIL,
    /** One line on standard error tells of them at the end of the run, and where their trace has been written. */
    REPORT,
    /** Nobody tells of them. */
    IGNORE
}
