package io.schedtrace.cli;

import io.schedtrace.model.Labels;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is added to a trace, where else it goes, and as whom its command runs. */
final class TraceOptions {
    @Option(
            names = {"-a", "--attribute"},
            paramLabel = "KEY=VALUE",
            description = "Add an attribute to every span; may be given many times.")
    private Map<String, String> attributes = new LinkedHashMap<>();

    @Option(names = "--name", paramLabel = "NAME", description = "The name of the trace.")
    private @Nullable String name;

    @Option(
            names = "--user",
            paramLabel = "NAME",
            description =
                    "Run the command as this user, with the user's HOME, USER and LOGNAME; what traces it stays who"
                            + " it is. setpriv(1) does it, and is the first program of the command's span.")
    private @Nullable String user;

    @Option(
            names = "--otlp",
            description =
                    "Send the spans to an OpenTelemetry back end too, as the OTEL_* variables say; without any, to"
                            + " http://localhost:4318 as OTLP over HTTP. When the command has ended, that takes at most"
                            + " OTEL_BSP_EXPORT_TIMEOUT milliseconds (5000).")
    private boolean otlp;

    @Option(names = "--otlp-args", description = "As --otlp, with the arguments of all processes.")
    private boolean otlpArguments;

    /**
     * Name and attributes.
     *
     * @throws IllegalArgumentException if they cannot be used; the message says what is wrong
     */
    Labels labels() {
        return new Labels(name, attributes);
    }

    /** Who runs the command; null for who runs us. */
    @Nullable
    String user() {
        return user;
    }

    /** Whether spans go to an OpenTelemetry back end. */
    boolean otlp() {
        return otlp || otlpArguments;
    }

    /** Whether arguments go there too. */
    boolean otlpArguments() {
        return otlpArguments;
    }
}
