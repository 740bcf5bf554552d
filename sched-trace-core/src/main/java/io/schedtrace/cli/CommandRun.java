package io.schedtrace.cli;

import io.schedtrace.ProcessTreeTracer;
import io.schedtrace.bpf.Launcher;
import io.schedtrace.bpf.ProbeException;
import io.schedtrace.export.TraceFormat;
import io.schedtrace.model.Availability.Reason;
import io.schedtrace.model.Labels;
import io.schedtrace.model.TraceId;
import io.schedtrace.model.TraceListener;
import io.schedtrace.model.TraceParent;
import io.schedtrace.model.TracingUnavailableException;
import io.schedtrace.model.TreeStillRunningException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Traces one command, which the launcher runs. */
final class CommandRun {
    /** How long descendants may outlive the command and still be traced to their end. */
    private static final Duration LEFT_BEHIND = Duration.ofMillis(250);

    private final Options options;
    private final PrintWriter err;

    CommandRun(Options options, PrintWriter err) {
        this.options = options;
        this.err = err;
    }

    /**
     * Has the command started, and traces it to its end.
     *
     * @return the exit status of this JVM; that of the launcher is the command's
     * @throws picocli.CommandLine.ParameterException if the options are wrong; nothing has been started
     * @throws io.schedtrace.model.TracingUnavailableException if tracing is not available; nothing has been started
     */
    int run() throws IOException, InterruptedException {
        if (options.command().isEmpty()) {
            throw options.wrong("there is no command; put it after the options: sched-trace -- COMMAND [ARG...]");
        }
        Labels labels = checked(options.trace()::labels);
        OtlpExport otlp = options.trace().otlp() ? otlp(labels) : null;
        try (SpanOutput output = open()) {
            TraceListener written = listener(output, labels);
            StatusLine status = status(output);
            try (ProcessTreeTracer tracer = tracer(written, status, otlp)) {
                int exit = run(tracer, status);
                if (otlp != null) {
                    otlp.hurry();
                }
                return exit;
            } finally {
                if (otlp != null) {
                    otlp.close();
                }
            }
        }
    }

    private <T> T checked(Supplier<T> reader) {
        try {
            return reader.get();
        } catch (IllegalArgumentException e) {
            throw options.wrong(String.valueOf(e.getMessage()));
        }
    }

    /** Has the command run, then clears the status line, before messages and spans are written. */
    private int run(ProcessTreeTracer tracer, @Nullable StatusLine status) throws IOException, InterruptedException {
        try {
            return run(tracer);
        } finally {
            if (status != null) {
                status.close();
            }
        }
    }

    private int run(ProcessTreeTracer tracer) throws IOException, InterruptedException {
        if (!Launcher.isPresent()) {
            err.println("sched-trace: only the program sched-trace can run a command; in a checkout, it is"
                    + " scripts/sched-trace");
            return ExitCodes.OWN_FAILURE;
        }
        tracer.start(new ProcessBuilder()).waitFor();
        try {
            tracer.awaitTree(LEFT_BEHIND);
        } catch (TreeStillRunningException e) {
            // Closing the tracer writes them as running.
        }
        return 0;
    }

    private OtlpExport otlp(Labels labels) {
        try {
            return checked(() -> OtlpExport.open(labels, options.trace(), err));
        } catch (NoClassDefFoundError e) {
            throw options.wrong("--otlp needs opentelemetry-exporter-otlp and opentelemetry-sdk-extension-autoconfigure"
                    + " on the class path: " + e);
        }
    }

    /** A format may come from a provider, or need a library: what it throws is a mistake in {@code --format}. */
    private TraceListener listener(SpanOutput output, Labels labels) {
        TraceFormat format = options.format();
        try {
            return Objects.requireNonNull(
                    format.listener(output, labels, options.trace().redactor(), output.colours()),
                    "there is no listener");
        } catch (RuntimeException | LinkageError e) {
            throw options.wrong("--format " + format.name() + " cannot be used here: " + e);
        }
    }

    private SpanOutput open() {
        TraceFormat format = options.format();
        if (format.needsFile() && options.output() == null) {
            throw options.wrong("--format " + format.name() + " writes a document; name its file with -o FILE");
        }
        try {
            return SpanOutput.open(options.output());
        } catch (IOException e) {
            throw options.wrong("cannot write " + e.getMessage() + "; name a file that can be written");
        }
    }

    /** Opens the status line; null if it is turned off, or if stderr is not a terminal or shows spans as they end. */
    private @Nullable StatusLine status(SpanOutput output) {
        boolean busy = output.terminal() && options.format().streams();
        return options.quiet() || busy || !SpanOutput.stderrIsScreen()
                ? null
                : StatusLine.on(new FileOutputStream(FileDescriptor.err));
    }

    private ProcessTreeTracer tracer(TraceListener written, @Nullable StatusLine status, @Nullable OtlpExport otlp) {
        ProcessTreeTracer.Builder builder = ProcessTreeTracer.builder()
                .dns(options.dns())
                .getaddrinfo(options.getaddrinfo())
                .keepEnded(!options.format().streams() || otlp != null)
                .listener(written);
        if (status != null) {
            builder.listener(status);
        }
        if (otlp != null) {
            builder.listener(otlp.listener());
        }
        Launcher.Early early = early();
        if (early != null) {
            return builder.traceId(TraceId.parse(early.traceId())).open();
        }
        TraceParent outer = options.traceId() == null ? outerSpan() : null;
        if (outer != null) {
            builder.parent(outer);
        }
        if (options.traceId() != null) {
            builder.traceId(options.traceId());
        }
        if (options.parentId() != null) {
            builder.parentSpanId(options.parentId());
        }
        if (options.ringSize() != null) {
            builder.ringSize(options.ringSize());
        }
        if (options.via() != null) {
            builder.via(options.via());
        }
        return builder.open();
    }

    /** The command if the launcher has started it already; null if it waits for this JVM. */
    private static Launcher.@Nullable Early early() {
        try {
            return Launcher.early();
        } catch (ProbeException e) {
            throw new TracingUnavailableException(Reason.REFUSED, String.valueOf(e.getMessage()));
        }
    }

    /** The parent from TRACEPARENT; null if that is not set or not valid. */
    private @Nullable TraceParent outerSpan() {
        try {
            return TraceParent.ofEnvironment();
        } catch (IllegalArgumentException e) {
            err.println("sched-trace: TRACEPARENT is ignored: " + e.getMessage());
            return null;
        }
    }
}
