package io.schedtrace.junit;

import io.schedtrace.ProcessTreeTracer;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What {@link TraceProcesses} or a {@link TraceExtension} says.
 *
 * @param tracer sets what else there is to set
 */
record Settings(
        WhenUnavailable whenUnavailable,
        LeakedProcesses leakedProcesses,
        boolean failOnLoss,
        AllowedConnections allowed,
        boolean alwaysReport,
        Consumer<ProcessTreeTracer.Builder> tracer) {

    /** What holds where tracing is not available: the configuration's word, the environment's, then {@code otherwise}. */
    static WhenUnavailable whenUnavailable(ExtensionContext context, WhenUnavailable otherwise) {
        return context.getConfigurationParameter(WhenUnavailable.PARAMETER)
                .map(Settings::parse)
                .orElseGet(() -> "1".equals(System.getenv(WhenUnavailable.REQUIRE)) ? WhenUnavailable.FAIL : otherwise);
    }

    private static WhenUnavailable parse(String value) {
        return Arrays.stream(WhenUnavailable.values())
                .filter(choice -> choice.name().equals(value.trim().toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new ExtensionConfigurationException(WhenUnavailable.PARAMETER + " is '" + value
                        + "'; it can be one of " + Arrays.toString(WhenUnavailable.values())));
    }
}
