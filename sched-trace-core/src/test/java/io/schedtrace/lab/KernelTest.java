package io.schedtrace.lab;

import io.schedtrace.Tracing;
import io.schedtrace.model.Availability;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A test that needs a kernel which can trace. Where there is none it is skipped with the reason, or fails if the
 * environment variable {@code SCHED_TRACE_REQUIRE} is 1.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(KernelTest.Condition.class)
public @interface KernelTest {
    /** Looks at {@link Tracing#availability()}. */
    public final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            Availability availability = Tracing.availability();
            if (availability.available()) {
                return ConditionEvaluationResult.enabled(availability.message());
            }
            if ("1".equals(System.getenv("SCHED_TRACE_REQUIRE"))) {
                throw new IllegalStateException(
                        "SCHED_TRACE_REQUIRE is set, but " + availability.reason() + ": " + availability.message());
            }
            return ConditionEvaluationResult.disabled(availability.reason() + ": " + availability.message());
        }
    }
}
