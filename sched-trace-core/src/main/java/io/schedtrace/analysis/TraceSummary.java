package io.schedtrace.analysis;

import io.schedtrace.model.ExitStatus;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Redactor;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TcpSpan.Counters;
import io.schedtrace.model.TcpSpan.Outcome;
import io.schedtrace.model.TcpSpan.Role;
import io.schedtrace.model.Trace;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The totals of a trace: by program, by peer, and which processes failed or took the longest.
 *
 * <pre>{@code
 * TraceSummary summary = TraceSummary.of(trace);
 * summary.programs().forEach(program -> System.out.println(program.name() + " ran " + program.count() + " times"));
 * System.out.println(summary); // everything, as "sched-trace summary" shows it
 * }</pre>
 *
 * @param trace the trace
 * @param programs the programs, that with the longest time first
 * @param peers whom the processes have connected to, that with the most connections first
 * @param failed the processes that ended with another exit code than 0 or by a signal, in the order of their forks
 * @param slowest the processes, the longest first, at most ten
 * @param criticalPath what the duration depends on
 */
public record TraceSummary(
        Trace trace,
        List<Program> programs,
        List<Peer> peers,
        List<ProcessSpan> failed,
        List<ProcessSpan> slowest,
        CriticalPath criticalPath) {
    private static final int SLOWEST = 10;
    private static final Set<Outcome> FAILURES =
            EnumSet.of(Outcome.REFUSED, Outcome.RESET, Outcome.TIMED_OUT, Outcome.UNREACHABLE, Outcome.FAILED);

    /**
     * The processes of a program.
     *
     * @param name the name under which it was started
     * @param count how many processes ran it last
     * @param wallTime the sum of their durations
     * @param cpuTime the sum of their CPU times; null if none is known
     * @param peakMemoryBytes the largest peak memory of one; null if none is known
     * @param failures how many failed
     */
    public record Program(
            String name,
            int count,
            Duration wallTime,
            @Nullable Duration cpuTime,
            @Nullable Long peakMemoryBytes,
            int failures) {}

    /**
     * The connections to a peer.
     *
     * @param name its name, else its address, and the port
     * @param count how many connections were made
     * @param failures how many of them were refused, reset, or not answered
     * @param bytesSent how many bytes were sent, of the connections whose bytes are known; null if none are
     * @param bytesReceived how many bytes were received; null if none are known
     */
    public record Peer(
            String name,
            int count,
            int failures,
            @Nullable Long bytesSent,
            @Nullable Long bytesReceived) {}

    /** Returns the totals of a trace. */
    public static TraceSummary of(Trace trace) {
        return new TraceSummary(
                trace,
                programs(trace),
                peers(trace),
                trace.processes().stream().filter(TraceSummary::failed).toList(),
                trace.processes().stream()
                        .sorted(Comparator.comparing(ProcessSpan::duration).reversed())
                        .limit(SLOWEST)
                        .toList(),
                CriticalPath.of(trace));
    }

    /** Whether a process ended with another exit code than 0 or by a signal. */
    private static boolean failed(ProcessSpan process) {
        ExitStatus exit = process.exit();
        return exit != null && !exit.success();
    }

    private static List<Program> programs(Trace trace) {
        return grouped(trace.processes(), ProcessSpan::name).entrySet().stream()
                .map(program -> program(program.getKey(), program.getValue()))
                .sorted(Comparator.comparing(Program::wallTime).reversed())
                .toList();
    }

    private static Program program(String name, List<ProcessSpan> processes) {
        return new Program(
                name,
                processes.size(),
                processes.stream().map(ProcessSpan::duration).reduce(Duration.ZERO, Duration::plus),
                processes.stream()
                        .map(ProcessSpan::cpuTime)
                        .filter(Objects::nonNull)
                        .reduce(Duration::plus)
                        .orElse(null),
                processes.stream()
                        .map(ProcessSpan::maxRssBytes)
                        .filter(Objects::nonNull)
                        .max(Long::compare)
                        .orElse(null),
                (int) processes.stream().filter(TraceSummary::failed).count());
    }

    private static List<Peer> peers(Trace trace) {
        List<TcpSpan> made = trace.connections().stream()
                .filter(connection -> connection.role() == Role.CLIENT)
                .toList();
        return grouped(
                        made,
                        connection ->
                                connection.peerName() + ":" + connection.peer().getPort())
                .entrySet()
                .stream()
                .map(peer -> new Peer(
                        peer.getKey(),
                        peer.getValue().size(),
                        (int) peer.getValue().stream()
                                .filter(connection -> FAILURES.contains(connection.outcome()))
                                .count(),
                        sum(peer.getValue(), Counters::bytesSent),
                        sum(peer.getValue(), Counters::bytesReceived)))
                .sorted(Comparator.comparing(Peer::count).reversed().thenComparing(Peer::name))
                .toList();
    }

    private static @Nullable Long sum(List<TcpSpan> connections, Function<Counters, Long> bytes) {
        return connections.stream()
                .map(TcpSpan::counters)
                .filter(Objects::nonNull)
                .map(bytes)
                .reduce(Long::sum)
                .orElse(null);
    }

    private static <S> Map<String, List<S>> grouped(List<S> spans, Function<S, String> key) {
        return spans.stream().collect(Collectors.groupingBy(key, LinkedHashMap::new, Collectors.toList()));
    }

    /** Returns everything as text for people, redacted by {@link Redactor#standard()}. The form may change. */
    @Override
    public String toString() {
        return text(Redactor.standard());
    }

    /** Returns everything as text for people, redacted by {@code redactor}. The form may change. */
    public String text(Redactor redactor) {
        return new SummaryText(this, redactor).text();
    }

    /**
     * Returns everything as Markdown, failures first, redacted by {@code redactor}: for {@code $GITHUB_STEP_SUMMARY}.
     */
    public String markdown(Redactor redactor) {
        return new SummaryMarkdown(this, redactor).markdown();
    }

    /** Returns a line for each failed process, at most ten, that GitHub Actions shows as an error. */
    public String annotations(Redactor redactor) {
        return new SummaryMarkdown(this, redactor).annotations();
    }
}
