package io.schedtrace.junit;

import io.schedtrace.ProcessTreeTracer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
        Strays strays,
        boolean alwaysReport,
        Consumer<ProcessTreeTracer.Builder> tracer) {

    /**
     * What holds where tracing is not available: what the configuration says, then the environment, then {@code otherwise}.
     * Never {@link WhenUnavailable#AUTO}.
     */
    static WhenUnavailable whenUnavailable(ExtensionContext context, WhenUnavailable otherwise) {
        return context.getConfigurationParameter(WhenUnavailable.PARAMETER)
                .map(Settings::parse)
                .orElseGet(() -> "1".equals(System.getenv(WhenUnavailable.REQUIRE)) ? WhenUnavailable.FAIL : otherwise)
                .in(System.getenv());
    }

    /** The settings that make a test fail because of what is in its trace, as they are written; empty if there are none. */
    List<String> guards() {
        List<String> guards = new ArrayList<>();
        if (leakedProcesses == LeakedProcesses.FAIL || leakedProcesses == LeakedProcesses.KILL) {
            guards.add("leakedProcesses = " + leakedProcesses);
        }
        if (failOnLoss) {
            guards.add("failOnLoss = true");
        }
        if (!allowed.allowsEverything()) {
            guards.add("allowConnections = " + allowed);
        }
        return guards;
    }

    private static WhenUnavailable parse(String value) {
        return Arrays.stream(WhenUnavailable.values())
                .filter(choice -> choice.name().equals(value.trim().toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new ExtensionConfigurationException(WhenUnavailable.PARAMETER + " is '" + value
                        + "'; it can be one of " + Arrays.toString(WhenUnavailable.values())));
    }
}
