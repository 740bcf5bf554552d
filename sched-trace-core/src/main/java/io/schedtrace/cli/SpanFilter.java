package io.schedtrace.cli;

import io.schedtrace.internal.pattern.PeerPattern;
import io.schedtrace.internal.pattern.ProgramPattern;
import io.schedtrace.model.ExitStatus;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Span;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.Trace;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * Options that select processes of a trace. Of one option that is repeated, one value must fit; of different options,
 * each must.
 */
final class SpanFilter {
    @Option(
            names = "--program",
            paramLabel = "PATTERN",
            converter = ProgramReader.class,
            description = "Show processes that ran this program: git, python3*, /usr/bin/*. May be repeated.")
    private List<ProgramPattern> programs = List.of();

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            converter = StatusReader.class,
            description = "Show processes that ended so: ok, failed, running, an exit code, a signal such as SIGKILL."
                    + " May be repeated.")
    private List<Status> statuses = List.of();

    @Option(
            names = "--longer-than",
            paramLabel = "TIME",
            converter = TimeReader.class,
            description = "Show processes that took longer: 200ms, 1.5s, 2min.")
    private @Nullable Duration longerThan;

    @Option(
            names = "--peer",
            paramLabel = "PATTERN",
            converter = PeerReader.class,
            description = "Show connections to this peer, and the processes that own them: db.test:5432, *.test,"
                    + " 10.0.0.0/8:443, localhost. May be repeated.")
    private List<PeerPattern> peers = List.of();

    @Option(
            names = "--from",
            paramLabel = "TIME",
            converter = TimeReader.class,
            description = "Show what ran after this time, counted from the start of the trace.")
    private @Nullable Duration from;

    @Option(
            names = "--to",
            paramLabel = "TIME",
            converter = TimeReader.class,
            description = "Show what ran before this time, counted from the start of the trace.")
    private @Nullable Duration to;

    /** How a process ended. */
    record Status(String text, Predicate<ProcessSpan> fits) {}

    /** Returns the trace with the selected spans. A process whose parent is not selected stands at the top. */
    Trace apply(Trace trace) {
        if (programs.isEmpty()
                && statuses.isEmpty()
                && longerThan == null
                && peers.isEmpty()
                && from == null
                && to == null) {
            return trace;
        }
        Instant start = start(trace);
        List<TcpSpan> connections = trace.connections().stream()
                .filter(connection -> fitsOne(peers, peer -> peer.fits(connection)) && inTime(connection, start))
                .toList();
        Set<SpanId> owners = new HashSet<>();
        connections.forEach(connection -> owners.add(connection.processSpanId()));
        List<ProcessSpan> processes = trace.processes().stream()
                .filter(process -> fits(process)
                        && inTime(process, start)
                        && (peers.isEmpty() || owners.contains(process.spanId())))
                .toList();
        Set<SpanId> shown = new HashSet<>();
        processes.forEach(process -> shown.add(process.spanId()));
        return trace.toBuilder()
                .processes(processes)
                .connections(connections.stream()
                        .filter(connection -> shown.contains(connection.processSpanId())
                                || (!peers.isEmpty() && noOwner(connection, trace)))
                        .toList())
                .listeners(trace.listeners().stream()
                        .filter(listener -> shown.contains(listener.processSpanId()))
                        .toList())
                .build();
    }

    private boolean noOwner(TcpSpan connection, Trace trace) {
        SpanId owner = connection.processSpanId();
        return programs.isEmpty() && statuses.isEmpty() && (owner == null || trace.process(owner) == null);
    }

    private boolean fits(ProcessSpan process) {
        return fitsOne(programs, program -> process.execs().stream().anyMatch(program::fits))
                && fitsOne(statuses, status -> status.fits.test(process))
                && (longerThan == null || process.duration().compareTo(longerThan) > 0);
    }

    private static <T> boolean fitsOne(List<T> choices, Predicate<T> fits) {
        return choices.isEmpty() || choices.stream().anyMatch(fits);
    }

    private boolean inTime(Span span, Instant start) {
        Instant end = span.startTime().plus(span.duration());
        return (from == null || !end.isBefore(start.plus(from)))
                && (to == null || !span.startTime().isAfter(start.plus(to)));
    }

    private static Instant start(Trace trace) {
        return trace.processes().stream()
                .map(Span::startTime)
                .min(Instant::compareTo)
                .orElse(Instant.EPOCH);
    }

    /** Reads {@code --program}. */
    static final class ProgramReader implements ITypeConverter<ProgramPattern> {
        @Override
        public ProgramPattern convert(String text) {
            return OptionReaders.reading(() -> ProgramPattern.parse(text));
        }
    }

    /** Reads {@code --peer}. */
    static final class PeerReader implements ITypeConverter<PeerPattern> {
        @Override
        public PeerPattern convert(String text) {
            return OptionReaders.reading(() -> PeerPattern.parse(text));
        }
    }

    /** Reads {@code --status}. */
    static final class StatusReader implements ITypeConverter<Status> {
        private static final Pattern CODE = Pattern.compile("\\d{1,3}");
        private static final Pattern SIGNAL = Pattern.compile("SIG[A-Z0-9+]+");

        @Override
        public Status convert(String text) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "ok" ->
                    new Status(
                            text, process -> hasExit(process) && exit(process).success());
                case "failed" ->
                    new Status(
                            text, process -> hasExit(process) && !exit(process).success());
                case "running" -> new Status(text, ProcessSpan::running);
                default -> codeOrSignal(text);
            };
        }

        private static Status codeOrSignal(String text) {
            if (CODE.matcher(text).matches()) {
                int code = Integer.parseInt(text);
                return new Status(text, process -> Integer.valueOf(code).equals(process.exitCode()));
            }
            if (SIGNAL.matcher(text).matches()) {
                return new Status(text, process -> text.equals(process.signal()));
            }
            throw new TypeConversionException(
                    "a status is ok, failed, running, an exit code, or a signal such as SIGKILL, not \"" + text + '"');
        }

        private static boolean hasExit(ProcessSpan process) {
            return process.exit() != null;
        }

        private static ExitStatus exit(ProcessSpan process) {
            return Objects.requireNonNull(process.exit());
        }
    }

    /** Reads a duration. */
    static final class TimeReader implements ITypeConverter<Duration> {
        private static final Pattern TIME = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(us|µs|ms|s|min|h)");

        @Override
        public Duration convert(String text) {
            Matcher time = TIME.matcher(text);
            if (!time.matches()) {
                throw new TypeConversionException(
                        "a time is a number with us, ms, s, min or h, such as 1.5s, not \"" + text + '"');
            }
            double unit = switch (time.group(2)) {
                case "us", "µs" -> 1e3;
                case "ms" -> 1e6;
                case "s" -> 1e9;
                case "min" -> 60e9;
                default -> 3600e9;
            };
            return Duration.ofNanos(Math.round(Double.parseDouble(time.group(1)) * unit));
        }
    }
}
