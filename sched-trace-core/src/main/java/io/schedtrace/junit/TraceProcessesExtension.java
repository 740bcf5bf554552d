package io.schedtrace.junit;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** What stands behind {@link TraceProcesses}. */
final class TraceProcessesExtension extends TraceCallbacks {
    TraceProcessesExtension() {}

    @Override
    Settings settings(ExtensionContext context) {
        Optional<ExtensionContext> at = Optional.of(context);
        while (at.isPresent()) {
            Optional<TraceProcesses> found =
                    AnnotationSupport.findAnnotation(at.get().getElement(), TraceProcesses.class);
            if (found.isPresent()) {
                return settings(found.get(), at.get());
            }
            at = at.get().getParent();
        }
        throw new ExtensionConfigurationException("there is no @TraceProcesses on " + context.getDisplayName());
    }

    private static Settings settings(TraceProcesses annotation, ExtensionContext on) {
        try {
            return new Settings(
                    annotation.whenUnavailable(),
                    annotation.leakedProcesses(),
                    annotation.failOnLoss(),
                    AllowedConnections.parse(List.of(annotation.allowConnections())),
                    AllowedProcesses.parse(List.of(annotation.allowProcesses())),
                    annotation.onForbidden(),
                    annotation.strays(),
                    annotation.alwaysReport(),
                    tracer -> {});
        } catch (IllegalArgumentException e) {
            throw new ExtensionConfigurationException(
                    "@TraceProcesses on " + on.getDisplayName() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return "@TraceProcesses";
    }
}
