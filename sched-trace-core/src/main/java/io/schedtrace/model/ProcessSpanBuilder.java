package io.schedtrace.model;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The properties of a {@link ProcessSpan}, and the methods of its builder that set them. */
abstract class ProcessSpanBuilder extends SpanBuilder<ProcessSpanBuilder.Properties, ProcessSpan.Builder> {
    private static final int LONGEST_COMM = 15;

    ProcessSpanBuilder(Properties fields) {
        super(fields);
    }

    /** Makes the span a child of another process: sets the trace, the parent span and {@code ppid}. */
    public ProcessSpan.Builder parent(ProcessSpan parent) {
        return traceId(parent.traceId()).parentSpanId(parent.spanId()).ppid(parent.pid());
    }

    public ProcessSpan.Builder pid(long value) {
        fields.pid = value;
        return self();
    }

    public ProcessSpan.Builder hostPid(@Nullable Long value) {
        fields.hostPid = value;
        return self();
    }

    public ProcessSpan.Builder ppid(@Nullable Long value) {
        fields.ppid = value;
        return self();
    }

    public ProcessSpan.Builder uid(@Nullable Integer value) {
        fields.uid = value;
        return self();
    }

    public ProcessSpan.Builder gid(@Nullable Integer value) {
        fields.gid = value;
        return self();
    }

    public ProcessSpan.Builder comm(String value) {
        fields.comm = value;
        return self();
    }

    public ProcessSpan.Builder exe(@Nullable String value) {
        fields.exe = value;
        return self();
    }

    public ProcessSpan.Builder arguments(List<String> value) {
        fields.arguments = List.copyOf(value);
        return self();
    }

    public ProcessSpan.Builder argumentsTruncated(boolean value) {
        fields.argumentsTruncated = value;
        return self();
    }

    public ProcessSpan.Builder execs(List<Exec> value) {
        fields.execs = List.copyOf(value);
        return self();
    }

    public ProcessSpan.Builder exit(@Nullable ExitStatus value) {
        fields.exit = value;
        return self();
    }

    public ProcessSpan.Builder cpuTime(@Nullable Duration value) {
        fields.cpuTime = value;
        return self();
    }

    public ProcessSpan.Builder maxRssBytes(@Nullable Long value) {
        fields.maxRssBytes = value;
        return self();
    }

    public ProcessSpan.Builder threads(@Nullable Integer value) {
        fields.threads = value;
        return self();
    }

    /** The properties. */
    static final class Properties extends SpanFields {
        @Nullable
        Long pid;

        @Nullable
        Long hostPid;

        @Nullable
        Long ppid;

        @Nullable
        Integer uid;

        @Nullable
        Integer gid;

        @Nullable
        String comm;

        @Nullable
        String exe;

        @Nullable
        List<String> arguments;

        boolean argumentsTruncated;

        List<Exec> execs = List.of();

        @Nullable
        ExitStatus exit;

        @Nullable
        Duration cpuTime;

        @Nullable
        Long maxRssBytes;

        @Nullable
        Integer threads;

        @Override
        List<@Nullable Object> ownValues() {
            return Arrays.asList(
                    pid,
                    hostPid,
                    ppid,
                    uid,
                    gid,
                    comm,
                    exe,
                    arguments,
                    argumentsTruncated,
                    execs,
                    exit,
                    cpuTime,
                    maxRssBytes,
                    threads);
        }

        @Nullable
        Exec lastExec() {
            return execs.isEmpty() ? null : execs.get(execs.size() - 1);
        }

        void complete() {
            setDefaults();
            require(pid, "ProcessSpan", "pid");
            Exec last = lastExec();
            if (last != null) {
                comm = comm == null ? comm(last.name()) : comm;
                exe = exe == null ? last.exe() : exe;
                argumentsTruncated |= arguments == null && last.truncated();
                arguments = arguments == null ? last.arguments() : arguments;
            }
            require(comm, "ProcessSpan", "comm (or execs)");
            arguments = arguments == null ? List.of() : arguments;
        }

        private static String comm(String name) {
            return name.substring(0, Math.min(LONGEST_COMM, name.length()));
        }
    }
}
