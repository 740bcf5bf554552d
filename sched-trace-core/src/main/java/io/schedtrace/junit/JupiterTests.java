package io.schedtrace.junit;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/** Looks at tests and classes of JUnit Jupiter. */
final class JupiterTests {
    private static final Pattern INVOCATION = Pattern.compile("-invocation:#(\\d+)]");

    private JupiterTests() {}

    /** The test or class of a context. */
    static TracedTest of(ExtensionContext context) {
        return new TracedTest(
                context.getUniqueId(),
                context.getDisplayName(),
                context.getTestMethod().isPresent(),
                () -> Path.of(ReportName.of(context.getRequiredTestClass()), report(context)),
                context::publishReportEntry,
                baseline(context));
    }

    private static Baselines.@Nullable Baseline baseline(ExtensionContext context) {
        Method method = context.getTestMethod().orElse(null);
        TraceBaseline annotation = method == null
                ? null
                : AnnotationSupport.findAnnotation(method, TraceBaseline.class).orElse(null);
        if (method == null || annotation == null) {
            return null;
        }
        try {
            return TestRun.of(context)
                    .baselines()
                    .of(context.getRequiredTestClass(), method.getName(), annotation.value());
        } catch (IllegalArgumentException e) {
            throw new ExtensionConfigurationException(String.valueOf(e.getMessage()), e);
        }
    }

    /** The name of the method and the numbers of invocations. */
    private static String report(ExtensionContext context) {
        StringBuilder name = new StringBuilder(context.getTestMethod()
                .map(method -> ReportName.of(context.getRequiredTestClass(), method))
                .orElse("class"));
        INVOCATION
                .matcher(context.getUniqueId())
                .results()
                .forEach(number -> name.append('-').append(number.group(1)));
        return name.toString();
    }

    /** Whether it or a class around it has {@link TraceProcesses} or a {@link TraceExtension}. */
    static boolean hasSettings(ExtensionContext context) {
        for (Optional<ExtensionContext> at = Optional.of(context);
                at.isPresent();
                at = at.get().getParent()) {
            if (at.get().getElement().filter(JupiterTests::isAnnotated).isPresent()
                    || at.get()
                            .getTestClass()
                            .filter(JupiterTests::hasExtension)
                            .isPresent()) {
                return true;
            }
        }
        return false;
    }

    static boolean isAnnotated(AnnotatedElement element) {
        return AnnotationSupport.isAnnotated(Optional.of(element), TraceProcesses.class);
    }

    static boolean hasExtension(Class<?> testClass) {
        return !ReflectionSupport.findFields(
                        testClass, field -> field.getType() == TraceExtension.class, HierarchyTraversalMode.TOP_DOWN)
                .isEmpty();
    }
}
