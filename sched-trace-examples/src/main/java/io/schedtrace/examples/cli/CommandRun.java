package io.schedtrace.examples.cli;

import io.schedtrace.ProcessTreeTracer;
import io.schedtrace.TreeStillRunningException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One run of a command under trace. */
final class CommandRun {
    /** How long descendants may outlive the command and still be followed to their end. */
    private static final Duration LEFT_BEHIND = Duration.ofMillis(250);
    /** As JDK 17 ({@code error=2, No such file}) and JDK 25 ({@code error: 2 (No such file)}) have it. */
    private static final Pattern ERRNO = Pattern.compile("error[=:] ?(\\d+)[, (]+([^)]*)");

    private static final String NO_SUCH_FILE = "2";

    private final Options options;
    private final PrintWriter err;

    CommandRun(Options options, PrintWriter err) {
        this.options = options;
        this.err = err;
    }

    /**
     * Runs the command to its end.
     *
     * @return the exit status
     * @throws picocli.CommandLine.ParameterException if the options are wrong; nothing has been started
     * @throws io.schedtrace.TracingUnavailableException if tracing is not available; nothing has been started
     */
    int run() throws IOException, InterruptedException {
        List<String> command = options.command();
        try (SpanOutput output = open()) {
            SignalForwarder signals = SignalForwarder.install();
            try (ProcessTreeTracer tracer = tracer(output)) {
                return run(command, tracer, signals);
            }
        }
    }

    private int run(List<String> command, ProcessTreeTracer tracer, SignalForwarder signals)
            throws InterruptedException {
        Process process;
        try {
            process = tracer.start(new ProcessBuilder(command).inheritIO());
        } catch (IOException e) {
            return cannotStart(command.get(0), String.valueOf(e.getMessage()));
        }
        signals.attach(process);
        int status = process.waitFor();
        try {
            tracer.awaitTree(LEFT_BEHIND);
        } catch (TreeStillRunningException e) {
            // Those are written as running when the tracer is closed.
        }
        return status;
    }

    private SpanOutput open() {
        try {
            return SpanOutput.open(options.output());
        } catch (IOException e) {
            throw options.wrong("cannot write " + e.getMessage() + "; name a file that can be written");
        }
    }

    private ProcessTreeTracer tracer(SpanOutput output) {
        ProcessTreeTracer.Builder builder = ProcessTreeTracer.builder().listener(output.listener(options.format()));
        if (options.traceId() != null) {
            builder.traceId(options.traceId());
        }
        if (options.parentId() != null) {
            builder.parentSpanId(options.parentId());
        }
        if (options.ringSize() != null) {
            builder.ringSize(options.ringSize());
        }
        return builder.open();
    }

    private int cannotStart(String program, String failure) {
        Matcher errno = ERRNO.matcher(failure);
        if (!errno.find()) {
            err.println("sched-trace: " + failure);
            return ExitCodes.CANNOT_RUN;
        }
        boolean missing = errno.group(1).equals(NO_SUCH_FILE);
        err.println("sched-trace: " + program + ": "
                + (missing ? "command not found" : errno.group(2).strip()));
        return missing ? ExitCodes.NOT_FOUND : ExitCodes.CANNOT_RUN;
    }
}
