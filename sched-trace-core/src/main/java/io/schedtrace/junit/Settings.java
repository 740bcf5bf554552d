package io.schedtrace.junit;

import io.schedtrace.ProcessTreeTracer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What {@link TraceProcesses}, a {@link TraceExtension} or the configuration parameters say.
 *
 * @param allowed the connections that are allowed
 * @param processes the programs that are allowed
 * @param tracer sets what else there is to set
 */
record Settings(
        WhenUnavailable whenUnavailable,
        LeakedProcesses leakedProcesses,
        boolean failOnLoss,
        AllowedConnections allowed,
        AllowedProcesses processes,
        OnForbidden onForbidden,
        Strays strays,
        boolean alwaysReport,
        Consumer<ProcessTreeTracer.Builder> tracer) {

    /** @throws IllegalArgumentException if settings contradict each other */
    Settings {
        if (onForbidden == OnForbidden.KILL && allowed.allowsEverything() && processes.allowsEverything()) {
            throw new IllegalArgumentException(
                    "onForbidden = KILL has no effect: allowConnections and allowProcesses allow everything");
        }
    }

    /**
     * What holds where tracing is not available: what the parameters say, then the environment, then {@code otherwise}.
     * Never {@link WhenUnavailable#AUTO}.
     */
    static WhenUnavailable whenUnavailable(Parameters parameters, WhenUnavailable otherwise) {
        return parameters
                .whenUnavailable()
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
        if (!processes.allowsEverything()) {
            guards.add("allowProcesses = " + processes);
        }
        return guards;
    }
}
