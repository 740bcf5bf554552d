package io.schedtrace.model;

import io.schedtrace.internal.text.Printable;
import io.schedtrace.internal.text.UserInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One process, from the fork that made it to the end of its last thread.
 *
 * @param traceId the trace that the span belongs to
 * @param spanId the span's own id
 * @param parentSpanId the span of the process that forked this one (not of the one that later adopted it)
 * @param pid the process id in the innermost pid namespace of the process: what its own getpid(2) returns
 * @param hostPid the process id in the initial pid namespace
 * @param ppid the process id of the process that forked it, as the process's own pid namespace shows it; 0 if it is outside. With
 *     CLONE_PARENT getppid(2) tells another
 * @param uid the real user id, in the initial user namespace, last seen
 * @param gid the real group id, in the initial user namespace, last seen
 * @param comm the kernel's name of the process, at most 15 bytes, last seen
 * @param exe the program file that it runs; without an exec, its parent's
 * @param arguments its command line with {@code argv[0]} first; without an exec, its parent's. See {@link
 *     Exec#arguments()} for bytes that are not UTF-8
 * @param argumentsTruncated whether {@code arguments} is not known to be whole
 * @param execs every successful execve(2), in order; empty for a process that was only forked. The JDK's {@code
 *     jspawnhelper}, through which it starts a process, is left out
 * @param startTime when it was forked
 * @param endTime when its last thread ended; null if it still runs
 * @param duration the time from fork to end, or to this snapshot
 * @param exit how it ended; null if it still runs or its end was lost
 * @param cpuTime the CPU time of all its threads, user and system, as the kernel had accounted at its end; zero before
 * @param maxRssBytes its peak resident set size in bytes, known at its end; zero before
 * @param threads how many threads its program has had, the first one included, counted from its last exec
 * @param complete whether it has ended and every kernel record of it has arrived
 */
public record ProcessSpan(
        TraceId traceId,
        SpanId spanId,
        @Nullable SpanId parentSpanId,
        long pid,
        long hostPid,
        long ppid,
        int uid,
        int gid,
        String comm,
        String exe,
        List<String> arguments,
        boolean argumentsTruncated,
        List<Exec> execs,
        Instant startTime,
        @Nullable Instant endTime,
        Duration duration,
        @Nullable ExitStatus exit,
        Duration cpuTime,
        long maxRssBytes,
        int threads,
        boolean complete)
        implements Span {
    /** Copies the lists. */
    public ProcessSpan {
        arguments = List.copyOf(arguments);
        execs = List.copyOf(execs);
    }

    /** The name under which its last program was started ({@link Exec#name()}); {@link #comm()} without an exec. */
    public String name() {
        return execs.isEmpty() ? comm : execs.get(execs.size() - 1).name();
    }

    /** Its command line for people: shortened, quoted, with user info in URLs masked. */
    public CommandLine commandLine() {
        return CommandLine.of(this);
    }

    /** When its first program began; null for a process that was only forked. */
    public @Nullable Instant execTime() {
        return execs.isEmpty() ? null : execs.get(0).time();
    }

    /** The exit code, 0 to 255; null if it still runs or a signal ended it. */
    public @Nullable Integer exitCode() {
        return exit == null ? null : exit.code();
    }

    /** The signal that ended it, such as {@code SIGKILL}; null if there was none. */
    public @Nullable String signal() {
        return exit == null ? null : exit.signal();
    }

    /** Whether it has not been seen to end. */
    public boolean running() {
        return endTime == null;
    }

    /** What tells it from others, for people: user info in URLs is masked, control characters are escaped. */
    @Override
    public String toString() {
        return Printable.escape("ProcessSpan[name=" + name() + ", pid=" + pid + ", arguments="
                + UserInfo.mask(arguments.toString())
                + ", exe=" + exe + ", startTime=" + startTime + ", duration=" + duration + ", exit=" + exit
                + ", complete=" + complete + ", spanId=" + spanId + ", parentSpanId=" + parentSpanId + ", traceId="
                + traceId + "]");
    }
}
