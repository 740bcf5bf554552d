package io.schedtrace.assertj;

import io.schedtrace.model.Exec;
import io.schedtrace.model.ExitStatus;
import io.schedtrace.model.ListenSpan;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.Trace;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Assertions on all processes of a trace: which there are, how many, and how they ended. Examples are of {@code sh -c 'ls
 * | wc -l'}.
 *
 * @param <SELF> the type of the assertion itself
 */
public abstract class AbstractProcessesAssert<SELF extends AbstractProcessesAssert<SELF>>
        extends AbstractConnectionsAssert<SELF, Trace> {
    AbstractProcessesAssert(@Nullable Trace actual, Class<?> selfType) {
        super(actual, selfType);
    }

    /**
     * Succeeds if a process has that {@linkplain ProcessSpan#name() name}.
     *
     * <pre><code class='java'>
     * assertThat(trace).hasProcess("wc"); // passes
     * assertThat(trace).hasProcess("grep"); // fails</code></pre>
     */
    public SELF hasProcess(String name) {
        return expect(
                trace -> Described.named(trace, name).findAny().isPresent(),
                trace -> "Expecting trace to have a process named:\n  " + name + "\n" + Described.names(trace));
    }

    /**
     * Succeeds if the command line of a process, its arguments with a blank between them, contains a match of a regular
     * expression.
     *
     * <pre><code class='java'>
     * assertThat(trace).hasProcessMatching("^wc -[lw]$"); // passes
     * assertThat(trace).hasProcessMatching("wc .*-c"); // fails</code></pre>
     *
     * @throws java.util.regex.PatternSyntaxException if {@code regex} is none
     */
    public SELF hasProcessMatching(String regex) {
        Pattern pattern = Pattern.compile(regex);
        return expect(
                trace -> trace.processes().stream()
                        .anyMatch(process -> pattern.matcher(String.join(" ", process.arguments()))
                                .find()),
                trace -> "Expecting trace to have a process whose command line matches:\n  " + regex
                        + "\nbut the command lines were:\n"
                        + Described.list(trace.processes().stream()
                                .map(Described::commandLine)
                                .toList()));
    }

    /**
     * Succeeds if a process does what {@code predicate} says.
     *
     * <pre><code class='java'>
     * assertThat(trace).hasProcessMatching(process -> process.arguments().contains("-l"), "with -l"); // passes
     * assertThat(trace).hasProcessMatching(process -> process.execs().size() > 1, "with execs"); // fails</code></pre>
     *
     * @param description what a failure says of the predicate
     */
    public SELF hasProcessMatching(Predicate<? super ProcessSpan> predicate, String description) {
        return expect(
                trace -> trace.processes().stream().anyMatch(predicate),
                trace -> "Expecting trace to have a process:\n  " + description + "\nbut none was");
    }

    /**
     * Succeeds if every process was seen to end.
     *
     * <pre><code class='java'>
     * assertThat(t.awaitTree(Duration.ofSeconds(5))).leftNothingRunning(); // passes
     * // sh -c 'sleep 100 &amp; exit 0', after waitFor()
     * assertThat(t.trace()).leftNothingRunning(); // fails</code></pre>
     */
    public SELF leftNothingRunning() {
        return expect(
                trace -> trace.processes().stream().noneMatch(ProcessSpan::running),
                trace -> "Expecting trace to have left nothing running\nbut these are still running:\n"
                        + Described.processes(trace.processes().stream()
                                .filter(ProcessSpan::running)
                                .toList()));
    }

    /**
     * Succeeds if no process has that {@linkplain ProcessSpan#name() name}, and none had it before an exec.
     *
     * <pre><code class='java'>
     * assertThat(trace).doesNotHaveProcess("curl"); // passes
     * assertThat(trace).doesNotHaveProcess("wc"); // fails</code></pre>
     */
    public SELF doesNotHaveProcess(String name) {
        return expect(
                trace -> everNamed(trace, name).isEmpty(),
                trace -> "Expecting trace not to have a process named:\n  " + name + "\nbut these have that name:\n"
                        + Described.processes(everNamed(trace, name)));
    }

    private static List<ProcessSpan> everNamed(Trace trace, String name) {
        return trace.processes().stream()
                .filter(process -> process.name().equals(name)
                        || process.execs().stream().anyMatch(exec -> exec.name().equals(name)))
                .toList();
    }

    /**
     * Succeeds if there are so many processes.
     *
     * <pre><code class='java'>
     * assertThat(trace).hasProcessCount(3); // passes
     * assertThat(trace).hasProcessCount(2); // fails</code></pre>
     */
    public SELF hasProcessCount(int count) {
        return expect(
                trace -> trace.processes().size() == count,
                trace -> "Expecting trace to have so many processes:\n  " + count + "\nbut there were:\n  "
                        + trace.processes().size());
    }

    /**
     * Succeeds if so many processes have that {@linkplain ProcessSpan#name() name}.
     *
     * <pre><code class='java'>
     * assertThat(trace).hasProcessCount("ls", 1); // passes
     * assertThat(trace).hasProcessCount("ls", 2); // fails</code></pre>
     */
    public SELF hasProcessCount(String name, int count) {
        return expect(
                trace -> Described.named(trace, name).count() == count,
                trace -> "Expecting trace to have so many processes named " + name + ":\n  " + count
                        + "\nbut there were " + Described.named(trace, name).count() + ":\n"
                        + Described.processes(Described.named(trace, name).toList()));
    }

    /**
     * Succeeds if no other programs ran than those of these {@linkplain Exec#name() names}, also not before an exec. Not
     * all of them need to have run.
     *
     * <pre><code class='java'>
     * assertThat(trace).hasOnlyPrograms("sh", "ls", "wc", "sort"); // passes
     * assertThat(trace).hasOnlyPrograms("sh", "ls"); // fails</code></pre>
     */
    public SELF hasOnlyPrograms(String... names) {
        List<String> listed = List.of(names);
        Set<String> allowed = Set.copyOf(listed);
        return expect(
                trace -> others(trace, allowed).isEmpty(),
                trace -> "Expecting trace to have only these programs:\n" + Described.list(listed)
                        + "\nbut it also has:\n" + Described.list(others(trace, allowed)));
    }

    private static List<String> others(Trace trace, Set<String> allowed) {
        return trace.processes().stream()
                .flatMap(process -> process.execs().stream()
                        .map(Exec::name)
                        .filter(name -> !allowed.contains(name))
                        .map(name -> name + " [" + process.pid() + "]"))
                .toList();
    }

    /**
     * Succeeds if every process has exited with 0. One that still runs, was killed, or whose end was not seen, has not.
     *
     * <pre><code class='java'>
     * assertThat(trace).allExitedWithZero(); // passes
     * // sh -c 'false; true'
     * assertThat(trace).allExitedWithZero(); // passes: false is a part of the shell
     * // sh -c 'env false; true'
     * assertThat(trace).allExitedWithZero(); // fails</code></pre>
     */
    public SELF allExitedWithZero() {
        return expect(
                trace -> failed(trace).findAny().isEmpty(),
                trace -> "Expecting every process of trace to have exited with 0\nbut these have not:\n"
                        + Described.list(failed(trace)
                                .map(process -> Described.process(process) + ", " + end(process))
                                .toList()));
    }

    private static Stream<ProcessSpan> failed(Trace trace) {
        return trace.processes().stream()
                .filter(process -> process.exit() == null || !process.exit().success());
    }

    private static String end(ProcessSpan process) {
        ExitStatus exit = process.exit();
        return exit != null ? exit.toString() : process.running() ? "still running" : "end not seen";
    }

    @Override
    final String subject(Trace of) {
        return "trace";
    }

    @Override
    final List<TcpSpan> connections(Trace of) {
        return of.connections();
    }

    @Override
    final List<ListenSpan> listeners(Trace of) {
        return of.listeners();
    }
}
