package io.schedtrace.cli;

import io.schedtrace.model.Labels;
import io.schedtrace.model.Redactor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options for labels, OpenTelemetry and the user that runs the command. */
final class TraceOptions {
    @Option(
            names = {"-a", "--attribute"},
            paramLabel = "KEY=VALUE",
            description = "Add an attribute to every span; may be repeated.")
    private Map<String, String> attributes = new LinkedHashMap<>();

    @Option(names = "--name", paramLabel = "NAME", description = "The name of the trace.")
    private @Nullable String name;

    @Option(
            names = "--user",
            paramLabel = "NAME",
            description = "Run the command as this user, with the user's groups, HOME, USER and LOGNAME, and without"
                    + " capabilities. The tracer itself keeps its user.")
    private @Nullable String user;

    @Option(names = "--root", description = "Under sudo, run the command as root, not as the user who has called sudo.")
    private boolean root;

    @Option(
            names = "--otlp",
            description =
                    "Also send the spans to an OpenTelemetry back end, configured by the OTEL_* variables; the default"
                            + " is OTLP over HTTP to http://localhost:4318. After the end of the command, this takes at"
                            + " most OTEL_BSP_EXPORT_TIMEOUT milliseconds (5000).")
    private boolean otlp;

    @Option(names = "--otlp-args", description = "Like --otlp, and also send the arguments of all processes.")
    private boolean otlpArguments;

    @Option(
            names = "--no-redact",
            description =
                    "Write arguments as they are. Without this option, passwords, tokens and other secrets in them"
                            + " are written as ***.")
    private boolean exact;

    /**
     * The name and the attributes.
     *
     * @throws IllegalArgumentException if they are not valid; the message says why
     */
    Labels labels() {
        return new Labels(name, attributes);
    }

    /** Whether spans are sent to an OpenTelemetry back end. */
    boolean otlp() {
        return otlp || otlpArguments;
    }

    /** What hides secrets in the output. */
    Redactor redactor() {
        return exact ? Redactor.none() : Redactor.standard();
    }

    /** Sets {@code --no-redact}. */
    void doNotRedact() {
        exact = true;
    }

    /** Whether the arguments of processes are sent too. */
    boolean otlpArguments() {
        return otlpArguments;
    }
}
