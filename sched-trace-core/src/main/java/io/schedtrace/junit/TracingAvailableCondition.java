package io.schedtrace.junit;

import io.schedtrace.Tracing;
import io.schedtrace.model.Availability;
import io.schedtrace.model.TracingUnavailableException;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;

/** What stands behind {@link EnabledIfTracingAvailable}. */
final class TracingAvailableCondition implements ExecutionCondition {
    TracingAvailableCondition() {}

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Availability availability = Tracing.availability();
        ConditionEvaluationResult result = result(availability, context);
        if (Settings.whenUnavailable(TestRun.parameters(context), WhenUnavailable.SKIP) == WhenUnavailable.FAIL) {
            require(availability);
        }
        return result;
    }

    /** Disables a test or class where tracing is not available, and counts its tests. */
    static ConditionEvaluationResult result(Availability availability, ExtensionContext context) {
        if (!availability.available()) {
            TestRun.of(context).untraced().add(tests(context), availability);
        }
        return result(availability);
    }

    private static int tests(ExtensionContext context) {
        return context.getTestMethod().isPresent()
                ? 1
                : AnnotationSupport.findAnnotatedMethods(
                                context.getRequiredTestClass(), Testable.class, HierarchyTraversalMode.TOP_DOWN)
                        .size();
    }

    private static ConditionEvaluationResult result(Availability availability) {
        return availability.available()
                ? ConditionEvaluationResult.enabled(availability.message())
                : ConditionEvaluationResult.disabled(UntracedTests.reason(availability));
    }

    /** @throws TracingUnavailableException if tracing is not available */
    static void require(Availability availability) {
        Availability.Reason reason = availability.reason();
        if (reason != null) {
            throw new TracingUnavailableException(
                    reason,
                    UntracedTests.reason(availability) + " (it must be here: " + WhenUnavailable.FAIL
                            + " was asked for)");
        }
    }
}
