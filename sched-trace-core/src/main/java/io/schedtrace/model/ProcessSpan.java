package io.schedtrace.model;

import io.schedtrace.internal.text.Printable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One process, from the fork that made it to the end of its last thread. Its {@link #parentSpanId()} is the span of the
 * process that forked it, not of one that adopted it later.
 *
 * <p>Immutable and safe for use by any thread. What is not known is null. Tests can build one:
 *
 * <pre>{@code
 * ProcessSpan ls = ProcessSpan.builder()
 *         .pid(4711)
 *         .execs(List.of(Exec.builder().exe("/usr/bin/ls").arguments(List.of("ls", "-l")).build()))
 *         .endTime(Instant.EPOCH.plusMillis(3))
 *         .exit(new ExitStatus(0))
 *         .build();
 * }</pre>
 */
public final class ProcessSpan extends Span {
    private final ProcessSpanBuilder.Properties fields;

    private ProcessSpan(ProcessSpanBuilder.Properties fields) {
        super(fields);
        this.fields = fields;
    }

    /** Returns a builder with the defaults that it describes. */
    public static Builder builder() {
        return new Builder(new ProcessSpanBuilder.Properties());
    }

    /** Returns a builder with the properties of this span. */
    public Builder toBuilder() {
        return new Builder(Fields.copy(fields));
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.process(this);
    }

    /** The process id in the innermost pid namespace of the process: what its own getpid(2) returns. */
    public long pid() {
        return Fields.known(fields.pid);
    }

    /** The process id in the initial pid namespace. */
    public @Nullable Long hostPid() {
        return fields.hostPid;
    }

    /**
     * The process id of the process that forked it, in the pid namespace of this process; null if that process is
     * outside of the namespace. After a clone(2) with CLONE_PARENT, getppid(2) returns another id.
     */
    public @Nullable Long ppid() {
        return fields.ppid;
    }

    /** The real user id in the initial user namespace, last seen: an unsigned 32-bit number. */
    public @Nullable Integer uid() {
        return fields.uid;
    }

    /** The real group id in the initial user namespace, last seen: an unsigned 32-bit number. */
    public @Nullable Integer gid() {
        return fields.gid;
    }

    /** The kernel's name of the process, at most 15 bytes, last seen. */
    public String comm() {
        return Fields.known(fields.comm);
    }

    /** The absolute path of the program file that it runs; without an exec, its parent's. */
    public @Nullable String exe() {
        return fields.exe;
    }

    /**
     * Its command line, {@code argv[0]} first; without an exec, its parent's. {@link Exec#arguments()} describes bytes
     * that are not UTF-8.
     */
    public List<String> arguments() {
        return Fields.known(fields.arguments);
    }

    /** Whether {@link #arguments()} may be incomplete. */
    public boolean argumentsTruncated() {
        return fields.argumentsTruncated;
    }

    /**
     * Every successful execve(2), in order; empty for a process that was only forked. The JDK's {@code jspawnhelper},
     * through which the JDK starts processes, is left out.
     */
    public List<Exec> execs() {
        return fields.execs;
    }

    /**
     * Whether the program that it runs is withheld from this user, who may not read the process in {@code /proc}, as
     * after {@code sudo}: {@link #exe()} is null, {@link #arguments()} are empty, {@link #execs()} lack it, and
     * {@link #comm()} is the name before. Only traces that came about through {@link Via#HELPER} or {@link Via#DAEMON}
     * have such processes.
     */
    public boolean hidden() {
        return fields.hidden;
    }

    /** How it ended; null if it still runs or its end was lost. */
    public @Nullable ExitStatus exit() {
        return fields.exit;
    }

    /** The CPU time of all its threads, user and system; null before its end. */
    public @Nullable Duration cpuTime() {
        return fields.cpuTime;
    }

    /** Its peak resident set size in bytes; null before its end. */
    public @Nullable Long maxRssBytes() {
        return fields.maxRssBytes;
    }

    /** How many threads it has had since its last exec, the first one included; null before its end. */
    public @Nullable Integer threads() {
        return fields.threads;
    }

    /**
     * The name under which its last program was started ({@link Exec#name()}); {@link #comm()} without an exec, or if
     * the program is {@link #hidden()}.
     */
    public String name() {
        Exec last = fields.lastExec();
        return last == null || hidden() ? comm() : last.name();
    }

    /** Whether the end of the filename of its last exec is missing, and perhaps that of {@link #name()}. */
    public boolean filenameTruncated() {
        Exec last = fields.lastExec();
        return last != null && !hidden() && last.filenameTruncated();
    }

    /** Returns its command line for people: shortened, quoted, redacted by {@link Redactor#standard()}. */
    public CommandLine commandLine() {
        return commandLine(Redactor.standard());
    }

    /** Returns its command line for people: shortened, quoted, redacted by {@code redactor}. */
    public CommandLine commandLine(Redactor redactor) {
        return CommandLine.of(this, redactor);
    }

    /** When its first program began; null for a process that was only forked. */
    public @Nullable Instant execTime() {
        return execs().isEmpty() ? null : execs().get(0).time();
    }

    /** The exit code, 0 to 255; null if it still runs, its end was lost, or a signal ended it. */
    public @Nullable Integer exitCode() {
        return fields.exit == null ? null : fields.exit.code();
    }

    /** The name of the signal that ended it, such as {@code SIGKILL}; null if none did, or none is known. */
    public @Nullable String signal() {
        return fields.exit == null ? null : fields.exit.signal();
    }

    /** Whether its end has not been seen. */
    public boolean running() {
        return endTime() == null;
    }

    /** Returns the main properties, for people: redacted by {@link Redactor#standard()}, control characters escaped. */
    @Override
    public String toString() {
        return Printable.escape("ProcessSpan[name=" + name() + ", pid=" + pid() + ", arguments="
                + Redactor.standard().arguments(arguments()) + ", exe=" + exe() + ", startTime=" + startTime()
                + ", duration="
                + duration() + ", exit=" + exit() + ", complete=" + complete() + ", spanId=" + spanId()
                + ", parentSpanId=" + parentSpanId() + ", traceId=" + traceId() + "]");
    }

    /**
     * Builds a span. {@code pid} is required, and {@code comm} or {@code execs}. By default the process still runs,
     * {@code comm}, {@code exe} and {@code arguments} are those of the last exec, and the rest is not known. Not safe
     * for use by several threads.
     */
    public static final class Builder extends ProcessSpanBuilder {
        private Builder(Properties fields) {
            super(fields);
        }

        /**
         * Returns the span.
         *
         * @throws IllegalStateException if something required is missing; the message names it
         */
        public ProcessSpan build() {
            Properties fields = give();
            fields.complete();
            return new ProcessSpan(fields);
        }
    }
}
