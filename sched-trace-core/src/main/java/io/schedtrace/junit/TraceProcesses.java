package io.schedtrace.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Traces what a test starts: every process, by whatever way it is started, with all its descendants, and every TCP
 * connection of those and of the test's own threads. When the test fails, the tree is shown with the failure and
 * written to a file.
 *
 * <pre>
 * &#64;TraceProcesses(leakedProcesses = LeakedProcesses.FAIL, allowConnections = "localhost:*")
 * class BackupIT {
 *     &#64;Test
 *     void compressesWhatItDumps(Tracer tracer) throws Exception {
 *         Backup.run();
 *         Trace trace = tracer.awaitTree(Duration.ofSeconds(10));
 *         assertThat(trace.processes()).extracting(ProcessSpan::name).contains("pg_dump", "zstd");
 *     }
 * }
 * </pre>
 *
 * <p>It may stand on a class (for all its tests, those of {@code @Nested} classes included), on a method, or on an
 * annotation of your own. The one that is nearest to the test holds, with all its settings.
 *
 * <h2>What belongs to the trace</h2>
 *
 * <p>Each test has a trace of its own, and so has each invocation of a {@code @ParameterizedTest},
 * {@code @RepeatedTest} or {@code @TestTemplate}; the dynamic tests of a {@code @TestFactory} share that of their
 * factory. {@link io.schedtrace.model.Trace#session()} is the test: it has the test's display name, and what the test
 * starts are its children. The trace holds what is started in the constructor (with one instance a test), the
 * {@code @BeforeEach} and {@code @AfterEach} methods, the test method, and the callbacks around these of extensions
 * that are registered after this one. A second trace, the class's, holds what is started in {@code @BeforeAll} and
 * {@code @AfterAll} methods, and in the constructor with one instance a class; its tree is shown with the failure of a
 * test, too.
 *
 * <p>A parameter of type {@link io.schedtrace.Tracer} in a test or lifecycle method (not in a constructor) gives access
 * to the trace while it grows. Children that are started by {@link io.schedtrace.Tracer#start} get {@code TRACEPARENT}.
 * A tracer that the test opens by itself, {@link io.schedtrace.Tracer#launch(String...)} included, has a trace of its
 * own, and what it starts is not in the test's.
 *
 * <p>If the environment of the JVM that runs the tests has a {@code TRACEPARENT}, all tests have the trace id that it
 * names and are children of its span: the runs of many machines are one trace.
 *
 * <h2>Threads</h2>
 *
 * <p>While one test runs, the whole JVM belongs to it: whatever any thread starts or connects to is in its trace, also
 * a thread that an earlier test has made, a worker of the common pool, a timer, the carrier of a virtual thread, a
 * thread of an HTTP client or of native code.
 *
 * <p>Where tests run in parallel, each thread has a test of its own: the thread that runs the test (with
 * {@code @Timeout} in a separate thread, that one), every thread that was made by such a thread during the test, and
 * every task that was {@linkplain io.schedtrace.Tracer#wrap(Runnable) wrapped}. Parallel tests never see each other's
 * processes. What other threads do while several tests run is a {@linkplain Strays stray}: it is recorded in a trace of
 * its own, with the tests that were running, and their guards judge it.
 *
 * <p>Tests that are not traced keep what they do to themselves, also if JUnit's pool runs them on the thread of a
 * traced test that waits. With concurrent dynamic tests, code that runs between them (a lazy stream of the factory,
 * callbacks of other extensions) may be a stray.
 *
 * <h2>Without annotations</h2>
 *
 * <p>The parameter {@code io.schedtrace.everyTest=true}, with
 * {@code junit.jupiter.extensions.autodetection.enabled=true}, traces every test that has neither this annotation nor a
 * {@link TraceExtension}, on itself or on a class around it. Each setting is a parameter for these tests,
 * {@code io.schedtrace.} and its name, such as {@code io.schedtrace.allowConnections=localhost:*,db.test:5432}: a
 * configuration parameter of JUnit or a system property. A list has commas, and an empty one allows nothing.
 * {@value WhenUnavailable#PARAMETER} and {@value #REPORT_DIRECTORY} hold for all tests. A mistake in a parameter is an
 * error before any test runs.
 *
 * <h2>Reports</h2>
 *
 * <p>The tree is attached to the failure as a suppressed exception, and written as text and, if {@code jackson-core} is
 * on the class path, as JSON lines and as a page to look at: {@code target/sched-trace/<class>/<method>.txt},
 * {@code .json} and {@code .html}, with the numbers of invocations behind the method, and {@code class.txt} for the
 * class's trace. {@value #REPORT_DIRECTORY} (a JUnit configuration parameter or a system property) names another
 * directory. The paths are published as report entries. {@code index.html} leads to all reports of the directory,
 * failures first; {@code index.md} is the same for {@code $GITHUB_STEP_SUMMARY}, and {@code annotations.txt} has the
 * failures as errors of GitHub Actions.
 */
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ExtendWith(TraceProcessesExtension.class)
public @interface TraceProcesses {
    /** The configuration parameter that names the directory of reports; {@code target/sched-trace} if it is not set. */
    String REPORT_DIRECTORY = "io.schedtrace.reportDirectory";

    /** What becomes of the test where tracing is not available. */
    WhenUnavailable whenUnavailable() default WhenUnavailable.AUTO;

    /** What becomes of processes that are still alive after the test. */
    LeakedProcesses leakedProcesses() default LeakedProcesses.IGNORE;

    /** Whether the test fails when something is missing from its trace: {@link io.schedtrace.model.Loss#none()}. */
    boolean failOnLoss() default false;

    /**
     * Where processes and threads of the test may connect to; the test fails that attempts anything else, and names
     * process, command line and address. Everything is allowed by default, and nothing with {@code {}}.
     *
     * <table>
     *   <caption>Patterns</caption>
     *   <tr><td>{@code db.test:5432}</td><td>a host by name, and one port of it</td></tr>
     *   <tr><td>{@code db.test}, {@code db.test:*}</td><td>any port of it</td></tr>
     *   <tr><td>{@code localhost:*}</td><td>every loopback address</td></tr>
     *   <tr><td>{@code *.test:443}</td><td>any host under a domain</td></tr>
     *   <tr><td>{@code 10.1.2.3:80}, {@code [::1]:80}</td><td>an address; IPv6 stands in brackets, if a port follows</td></tr>
     *   <tr><td>{@code 10.0.0.0/8:443}, {@code [fd00::/8]:443}</td><td>a network</td></tr>
     *   <tr><td>{@code *:443}, {@code *}</td><td>one port anywhere; everything</td></tr>
     * </table>
     *
     * <p>A connection is to a named host if the trace knows that name for its address ({@link
     * io.schedtrace.model.TcpSpan#peerHosts()}), or if the name leads to that address when the test has ended.
     */
    String[] allowConnections() default "*";

    /**
     * What programs the test may run; it fails that runs another, and names the process, its command line and its
     * parent. Everything is allowed by default, and nothing with {@code {}}.
     *
     * <table>
     *   <caption>Patterns</caption>
     *   <tr><td>{@code git}, {@code python3*}</td><td>programs of a name</td></tr>
     *   <tr><td>{@code /usr/bin/git}, {@code /usr/bin/*}</td><td>a path; {@code *} stands for no slash</td></tr>
     *   <tr><td>{@code /opt/**}</td><td>everything below a directory</td></tr>
     *   <tr><td>{@code !curl}, {@code !/tmp/**}</td><td>not these, whatever other patterns say, in whatever order</td></tr>
     * </table>
     *
     * <p>If all patterns are exclusions, everything else is allowed. A name is that of the file that was executed, or
     * of the program that runs: {@code sh} is also {@code dash} where that is a symbolic link, and a script also its
     * interpreter. Each execve(2) is judged, but for the JDK's own {@code jspawnhelper}; a fork alone runs no other
     * program. A pattern that can match nothing is an error.
     */
    String[] allowProcesses() default "*";

    /** What becomes of a process that does what is not allowed, besides the failure of the test. */
    OnForbidden onForbidden() default OnForbidden.FAIL;

    /** What becomes of strays: what the JVM does while tests run in parallel and no single test can be blamed for. */
    Strays strays() default Strays.FAIL;

    /** Whether reports are written for tests that pass, too. */
    boolean alwaysReport() default false;
}
