package io.schedtrace.junit;

import io.schedtrace.Tracing;
import io.schedtrace.model.Availability;
import io.schedtrace.model.TracingUnavailableException;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What stands behind {@link EnabledIfTracingAvailable}. */
final class TracingAvailableCondition implements ExecutionCondition {
    TracingAvailableCondition() {}

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Availability availability = Tracing.availability();
        if (Settings.whenUnavailable(context, WhenUnavailable.SKIP) == WhenUnavailable.FAIL) {
            require(availability);
        }
        return result(availability);
    }

    static ConditionEvaluationResult result(Availability availability) {
        return availability.available()
                ? ConditionEvaluationResult.enabled(availability.message())
                : ConditionEvaluationResult.disabled(reason(availability));
    }

    /** @throws TracingUnavailableException if tracing is not available */
    static void require(Availability availability) {
        Availability.Reason reason = availability.reason();
        if (reason != null) {
            throw new TracingUnavailableException(
                    reason, reason(availability) + " (it must be here: " + WhenUnavailable.FAIL + " was asked for)");
        }
    }

    static String reason(Availability availability) {
        return "tracing is not available: " + availability.reason() + ": " + availability.message();
    }
}
