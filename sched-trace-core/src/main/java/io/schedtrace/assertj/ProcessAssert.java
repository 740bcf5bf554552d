package io.schedtrace.assertj;

import io.schedtrace.model.ExitStatus;
import io.schedtrace.model.ListenSpan;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Redactor;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TcpSpan;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Assertions on one process of a trace: {@link TraceAssert#process(String)}, {@link TraceAssert#root()}. */
public class ProcessAssert extends AbstractConnectionsAssert<ProcessAssert, ProcessSpan> {
    private static final String STILL_RUNNING = "it is still running";

    /** For AssertJ, which makes soft assertions of it; {@link TraceAssertions} is for you. */
    public ProcessAssert(@Nullable ProcessSpan actual) {
        super(actual, ProcessAssert.class);
    }

    /**
     * Succeeds if the process ended by itself with that exit code.
     *
     * <pre><code class='java'>
     * // sh -c 'exit 3'
     * assertThat(trace).process("sh").exitedWith(3); // passes
     * assertThat(trace).process("sh").exitedWith(0); // fails</code></pre>
     */
    public ProcessAssert exitedWith(int code) {
        return expect(
                process -> Integer.valueOf(code).equals(process.exitCode()),
                "to have exited with:\n  " + code,
                ProcessAssert::end);
    }

    /**
     * Succeeds if that signal ended the process.
     *
     * <pre><code class='java'>
     * // timeout 1 sleep 100
     * assertThat(trace).process("sleep").wasKilledBy("SIGTERM"); // passes
     * assertThat(trace).process("sleep").wasKilledBy("SIGKILL"); // fails</code></pre>
     *
     * @param signal its name, {@code SIGTERM} or {@code TERM}
     */
    public ProcessAssert wasKilledBy(String signal) {
        String name = signal.startsWith("SIG") ? signal : "SIG" + signal;
        return expect(
                process -> name.equals(process.signal()), "to have been killed by:\n  " + name, ProcessAssert::end);
    }

    /**
     * Succeeds if these are the arguments of the process, the name of the program first: {@link
     * ProcessSpan#arguments()}.
     *
     * <pre><code class='java'>
     * // sh -c 'ls | wc -l'
     * assertThat(trace).process("wc").hasArguments("wc", "-l"); // passes
     * assertThat(trace).process("wc").hasArguments("-l"); // fails</code></pre>
     */
    public ProcessAssert hasArguments(String... arguments) {
        List<String> expected = List.of(arguments);
        return expect(
                process -> process.arguments().equals(expected),
                "to have the arguments:\n" + Described.list(Redactor.standard().arguments(expected)),
                process -> (process.argumentsTruncated() ? "they were cut off, and were:\n" : "they were:\n")
                        + Described.list(Redactor.standard().arguments(process.arguments())));
    }

    /**
     * Succeeds if the time from the fork of the process to its end, or until the trace was taken, is so long.
     *
     * <pre><code class='java'>
     * // sleep 0.2
     * assertThat(trace).process("sleep").ranFor(lessThan(Duration.ofSeconds(5))); // passes
     * assertThat(trace).process("sleep").ranFor(lessThan(Duration.ofMillis(10))); // fails</code></pre>
     *
     * @see TraceAssertions#lessThan(Duration)
     * @see TraceAssertions#atLeast(Duration)
     * @see TraceAssertions#between(Duration, Duration)
     */
    public ProcessAssert ranFor(DurationBound bound) {
        return expect(
                process -> bound.holds(process.duration()),
                "to have run for:\n  " + bound,
                process -> "it ran for:\n  " + Described.duration(process.duration()));
    }

    /**
     * Succeeds if the process used less CPU time: that of all its threads, not of its children. Fails if that is not
     * known, as for a process that still runs.
     *
     * <pre><code class='java'>
     * // sleep 0.2
     * assertThat(trace).process("sleep").usedCpuLessThan(Duration.ofMillis(100)); // passes
     * // sh -c 'while :; do :; done', killed after a second
     * assertThat(trace).process("sh").usedCpuLessThan(Duration.ofMillis(100)); // fails</code></pre>
     */
    public ProcessAssert usedCpuLessThan(Duration limit) {
        return expect(
                process -> process.cpuTime() != null && process.cpuTime().compareTo(limit) < 0,
                "to have used less CPU time than:\n  " + Described.duration(limit),
                process -> process.cpuTime() == null
                        ? unknown(process, "its CPU time")
                        : "it used:\n  " + Described.duration(process.cpuTime()));
    }

    /**
     * Succeeds if the peak resident memory of the process was less. The kernel keeps it across an exec: a program that
     * a JVM started directly has at least the peak of the JVM. Fails if it is not known, as for a process that still
     * runs.
     *
     * <pre><code class='java'>
     * // sh -c 'ls | wc -l'
     * assertThat(trace).process("wc").peakMemoryLessThan(536_870_912); // passes
     * assertThat(trace).process("wc").peakMemoryLessThan(1024); // fails</code></pre>
     *
     * @param bytes the limit
     */
    public ProcessAssert peakMemoryLessThan(long bytes) {
        return expect(
                process -> process.maxRssBytes() != null && process.maxRssBytes() < bytes,
                "to have a peak memory of less than:\n  " + Described.bytes(bytes),
                process -> process.maxRssBytes() == null
                        ? unknown(process, "its peak memory")
                        : "it was:\n  " + Described.bytes(process.maxRssBytes()));
    }

    /**
     * Succeeds if a process of that name forked this one.
     *
     * <pre><code class='java'>
     * // sh -c 'ls | wc -l'
     * assertThat(trace).process("wc").isChildOf("sh"); // passes
     * assertThat(trace).process("wc").isChildOf("ls"); // fails</code></pre>
     */
    public ProcessAssert isChildOf(String parent) {
        return expect(
                process -> {
                    ProcessSpan found = parent(process);
                    return found != null && found.name().equals(parent);
                },
                "to be a child of:\n  " + parent,
                process -> {
                    ProcessSpan found = parent(process);
                    return found == null ? "it is a root" : "it is a child of:\n  " + Described.process(found);
                });
    }

    /**
     * Succeeds if the process forked processes of these names, in any order, and no other. A name stands as often as
     * there are processes of it.
     *
     * <pre><code class='java'>
     * // sh -c 'ls | wc -l'
     * assertThat(trace).root().hasExactlyChildren("wc", "ls"); // passes
     * assertThat(trace).root().hasExactlyChildren("ls"); // fails
     * assertThat(trace).process("ls").hasExactlyChildren(); // passes</code></pre>
     */
    public ProcessAssert hasExactlyChildren(String... names) {
        List<String> expected = Arrays.stream(names).sorted().toList();
        return expect(
                process -> children(process).stream().sorted().toList().equals(expected),
                "to have exactly these children:\n" + Described.list(List.of(names)),
                process -> "they were:\n" + Described.list(children(process)));
    }

    @Override
    final String subject(ProcessSpan of) {
        return "process " + Described.process(of);
    }

    @Override
    final List<TcpSpan> connections(ProcessSpan of) {
        return trace().connections(of);
    }

    @Override
    final List<ListenSpan> listeners(ProcessSpan of) {
        return trace().listeners(of);
    }

    private ProcessAssert expect(Predicate<ProcessSpan> holds, String what, Function<ProcessSpan, String> but) {
        return expect(holds, process -> "Expecting " + subject(process) + " " + what + "\nbut " + but.apply(process));
    }

    private @Nullable ProcessSpan parent(ProcessSpan process) {
        SpanId parent = process.parentSpanId();
        return parent == null ? null : trace().process(parent);
    }

    private List<String> children(ProcessSpan process) {
        return trace().children(process).stream().map(ProcessSpan::name).toList();
    }

    private static String unknown(ProcessSpan process, String what) {
        return process.running() ? STILL_RUNNING : what + " is not known";
    }

    private static String end(ProcessSpan process) {
        ExitStatus exit = process.exit();
        if (exit == null) {
            return process.running() ? STILL_RUNNING : "its end was not seen";
        }
        return "it ended with:\n  " + exit;
    }
}
