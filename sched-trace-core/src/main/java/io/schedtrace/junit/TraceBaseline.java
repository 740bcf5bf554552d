package io.schedtrace.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Keeps what a test runs in a file that is reviewed like code, and fails the test when that changes: another program,
 * other arguments, another peer, another exit status, more or fewer processes.
 *
 * <pre>
 * &#64;TraceProcesses
 * class BackupIT {
 *     &#64;Test
 *     &#64;TraceBaseline("nightly")
 *     void dumpsAndCompresses() {
 *         Backup.run();
 *     }
 * }
 * </pre>
 *
 * <p>The file is {@code src/test/resources/<package>/BackupIT.nightly.baseline}. It has a line for each process and
 * peer, without what differs from run to run, as {@link io.schedtrace.analysis.TraceDiff#normalized} writes it. A run
 * with {@code -Dio.schedtrace.baseline=update} writes the files of the tests that pass; without it, a test whose file
 * does not exist fails. {@value #DIRECTORY} names another directory than {@code src/test/resources}. Both are
 * configuration parameters of JUnit or system properties.
 *
 * <p>A baseline is a guard: where tracing is not available, the test is aborted, or what {@link
 * TraceProcesses#whenUnavailable()} says. A trace of which something was lost is not compared; the test fails.
 *
 * <p>The test must be traced, by {@link TraceProcesses}, a {@link TraceExtension} or {@code io.schedtrace.everyTest}.
 * All invocations of a parameterized or repeated test have the same baseline. Two methods of a class must not have
 * baselines of one name. Only JUnit Jupiter can enforce a baseline: on a test of another engine it is an error.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@ExtendWith(BaselineExtension.class)
public @interface TraceBaseline {
    /** The parameter that updates the files, if its value is {@code update}. */
    String PARAMETER = "io.schedtrace.baseline";

    /** The parameter that names the directory of the files. */
    String DIRECTORY = "io.schedtrace.baselineDirectory";

    /** The name of the baseline, unique in its class: letters, digits, {@code .}, {@code _} and {@code -}. */
    String value();
}
