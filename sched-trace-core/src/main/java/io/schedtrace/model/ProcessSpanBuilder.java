package io.schedtrace.model;

import io.schedtrace.internal.collect.SharedList;
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
        edit().pid = value;
        return self();
    }

    public ProcessSpan.Builder hostPid(@Nullable Long value) {
        edit().hostPid = value;
        return self();
    }

    public ProcessSpan.Builder ppid(@Nullable Long value) {
        edit().ppid = value;
        return self();
    }

    public ProcessSpan.Builder uid(@Nullable Integer value) {
        edit().uid = value;
        return self();
    }

    public ProcessSpan.Builder gid(@Nullable Integer value) {
        edit().gid = value;
        return self();
    }

    public ProcessSpan.Builder comm(String value) {
        edit().comm = value;
        return self();
    }

    public ProcessSpan.Builder exe(@Nullable String value) {
        edit().exe = value;
        return self();
    }

    public ProcessSpan.Builder arguments(List<String> value) {
        edit().arguments = List.copyOf(value);
        return self();
    }

    public ProcessSpan.Builder argumentsTruncated(boolean value) {
        edit().argumentsTruncated = value;
        return self();
    }

    public ProcessSpan.Builder execs(List<Exec> value) {
        edit().execs = SharedList.copyOf(value);
        return self();
    }

    public ProcessSpan.Builder hidden(boolean value) {
        edit().hidden = value;
        return self();
    }

    public ProcessSpan.Builder exit(@Nullable ExitStatus value) {
        edit().exit = value;
        return self();
    }

    public ProcessSpan.Builder cpuTime(@Nullable Duration value) {
        edit().cpuTime = value;
        return self();
    }

    public ProcessSpan.Builder maxRssBytes(@Nullable Long value) {
        edit().maxRssBytes = value;
        return self();
    }

    public ProcessSpan.Builder threads(@Nullable Integer value) {
        edit().threads = value;
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

        boolean hidden;

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
                    hidden,
                    exit,
                    cpuTime,
                    maxRssBytes,
                    threads);
        }

        @Nullable
        Exec lastExec() {
            return execs.isEmpty() ? null : execs.get(execs.size() - 1);
        }

        @Override
        boolean isWhole() {
            return super.isWhole() && comm != null && (exe != null || hidden) && arguments != null;
        }

        void complete() {
            setDefaults();
            require(pid, "ProcessSpan", "pid");
            Exec last = lastExec();
            if (last != null) {
                comm = comm == null ? comm(last.name()) : comm;
                if (!hidden) {
                    exe = exe == null ? last.exe() : exe;
                    argumentsTruncated |= arguments == null && last.truncated();
                    arguments = arguments == null ? last.arguments() : arguments;
                }
            }
            require(comm, "ProcessSpan", "comm (or execs)");
            arguments = arguments == null ? List.of() : arguments;
        }

        private static String comm(String name) {
            return name.substring(0, Math.min(LONGEST_COMM, name.length()));
        }
    }
}
