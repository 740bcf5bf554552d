package io.schedtrace.junit;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.engine.ConfigurationParameters;

/** Where the reports of a run are: {@link TraceProcesses#REPORT_DIRECTORY}. */
record ReportDirectory(Path path) {
    private static final String DEFAULT = "target/sched-trace";

    static ReportDirectory of(ExtensionContext context) {
        return of(context.getConfigurationParameter(TraceProcesses.REPORT_DIRECTORY));
    }

    static ReportDirectory of(ConfigurationParameters configuration) {
        return of(configuration.get(TraceProcesses.REPORT_DIRECTORY));
    }

    private static ReportDirectory of(Optional<String> configured) {
        return new ReportDirectory(Path.of(configured.orElse(DEFAULT)));
    }
}
