package io.schedtrace.otel;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.schedtrace.model.Exec;
import io.schedtrace.model.ExitStatus;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Redactor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What of a process goes into a span, by the semantic conventions for processes and for command line programs. */
final class ProcessAttributes {
    static final AttributeKey<Long> PID = AttributeKey.longKey("process.pid");
    static final AttributeKey<Long> PARENT_PID = AttributeKey.longKey("process.parent_pid");
    static final AttributeKey<Long> REAL_USER_ID = AttributeKey.longKey("process.real_user.id");
    static final AttributeKey<String> EXECUTABLE_NAME = AttributeKey.stringKey("process.executable.name");
    static final AttributeKey<String> EXECUTABLE_PATH = AttributeKey.stringKey("process.executable.path");
    static final AttributeKey<String> COMMAND = AttributeKey.stringKey("process.command");
    static final AttributeKey<List<String>> COMMAND_ARGS = AttributeKey.stringArrayKey("process.command_args");
    static final AttributeKey<Long> ARGS_COUNT = AttributeKey.longKey("process.args_count");
    static final AttributeKey<Long> EXIT_CODE = AttributeKey.longKey("process.exit.code");
    static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");
    static final AttributeKey<Boolean> INCOMPLETE = AttributeKey.booleanKey("schedtrace.incomplete");

    private static final AttributeKey<Long> HOST_PID = AttributeKey.longKey("schedtrace.host_pid");
    private static final AttributeKey<Boolean> HIDDEN = AttributeKey.booleanKey("schedtrace.hidden");
    private static final AttributeKey<String> SIGNAL = AttributeKey.stringKey("schedtrace.signal");
    private static final AttributeKey<Boolean> ARGUMENTS_TRUNCATED =
            AttributeKey.booleanKey("schedtrace.arguments_truncated");
    private static final AttributeKey<Boolean> FILENAME_TRUNCATED =
            AttributeKey.booleanKey("schedtrace.filename_truncated");
    private static final AttributeKey<Long> CPU_TIME = AttributeKey.longKey("schedtrace.cpu_time_ns");
    private static final AttributeKey<Long> MAX_RSS = AttributeKey.longKey("schedtrace.max_rss_bytes");
    private static final AttributeKey<Long> THREADS = AttributeKey.longKey("schedtrace.threads");

    private ProcessAttributes() {}

    static void put(ProcessSpan process, boolean withArguments, Redactor redactor, AttributesBuilder to) {
        to.put(PID, process.pid());
        put(PARENT_PID, process.ppid(), to);
        Long hostPid = process.hostPid();
        put(HOST_PID, hostPid != null && hostPid == process.pid() ? null : hostPid, to);
        put(REAL_USER_ID, process.uid() == null ? null : Integer.toUnsignedLong(process.uid()), to);
        String exe = process.exe();
        put(EXECUTABLE_NAME, exe == null ? null : baseName(exe), to);
        put(EXECUTABLE_PATH, exe == null ? null : Text.clean(exe), to);
        if (process.hidden()) {
            to.put(HIDDEN, true);
        } else {
            arguments(process, withArguments, redactor, to);
        }
        exit(process.exit(), to);
        put(CPU_TIME, process.cpuTime() == null ? null : process.cpuTime().toNanos(), to);
        put(MAX_RSS, process.maxRssBytes(), to);
        put(THREADS, process.threads() == null ? null : process.threads().longValue(), to);
        if (!process.complete()) {
            to.put(INCOMPLETE, true);
        }
    }

    /** Puts a value, unless it is not known. */
    static <T> void put(AttributeKey<T> key, @Nullable T value, AttributesBuilder to) {
        if (value != null) {
            to.put(key, value);
        }
    }

    private static void arguments(ProcessSpan process, boolean withArguments, Redactor redactor, AttributesBuilder to) {
        List<String> arguments = redactor.arguments(process.arguments());
        if (!arguments.isEmpty()) {
            to.put(COMMAND, Text.clean(arguments.get(0)));
        }
        to.put(ARGS_COUNT, (long) arguments.size());
        if (withArguments) {
            to.put(COMMAND_ARGS, arguments.stream().map(Text::clean).toList());
        }
        if (process.argumentsTruncated()) {
            to.put(ARGUMENTS_TRUNCATED, true);
        }
        if (process.filenameTruncated()) {
            to.put(FILENAME_TRUNCATED, true);
        }
    }

    private static void exit(@Nullable ExitStatus exit, AttributesBuilder to) {
        if (exit == null) {
            return;
        }
        Integer code = exit.code();
        String signal = exit.signal();
        if (code != null) {
            to.put(EXIT_CODE, code.longValue());
        }
        if (signal != null) {
            to.put(SIGNAL, signal);
            to.put(ERROR_TYPE, signal);
        } else if (!exit.success()) {
            to.put(ERROR_TYPE, String.valueOf(code));
        }
    }

    static StatusData status(ProcessSpan process) {
        ExitStatus exit = process.exit();
        return exit == null || exit.success() ? StatusData.unset() : FinishedSpans.error(exit.toString());
    }

    /** An event for each exec: the name under which the program was started, and its file. */
    static List<EventData> events(ProcessSpan process) {
        return process.execs().stream().map(ProcessAttributes::event).toList();
    }

    private static EventData event(Exec exec) {
        AttributesBuilder attributes = Attributes.builder().put(EXECUTABLE_PATH, Text.clean(exec.exe()));
        if (exec.filenameTruncated()) {
            attributes.put(FILENAME_TRUNCATED, true);
        }
        return EventData.create(
                FinishedSpans.nanos(exec.time()), "exec " + Text.clean(exec.name()), attributes.build());
    }

    private static String baseName(String path) {
        return Text.clean(path.substring(path.lastIndexOf('/') + 1));
    }
}
