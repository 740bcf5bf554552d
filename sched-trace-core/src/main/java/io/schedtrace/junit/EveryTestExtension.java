package io.schedtrace.junit;

import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Traces every test that has neither {@link TraceProcesses} nor a {@link TraceExtension}, if the configuration parameter
 * {@code io.schedtrace.everyTest} is true. JUnit finds it where {@code junit.jupiter.extensions.autodetection.enabled} is true;
 * the settings are configuration parameters, which {@link TraceProcesses} lists.
 */
public final class EveryTestExtension extends TraceCallbacks {
    /** For the {@link java.util.ServiceLoader}. */
    public EveryTestExtension() {}

    @Override
    Settings settings(ExtensionContext context) {
        return TestRun.of(context).settings();
    }

    @Override
    boolean traces(ExtensionContext context) {
        return TestRun.of(context).parameters().everyTest()
                && store(context)
                        .getOrComputeIfAbsent(
                                "everyTest " + context.getUniqueId(),
                                key -> !JupiterTests.hasSettings(context),
                                Boolean.class);
    }

    @Override
    public String toString() {
        return Parameters.EVERY_TEST;
    }
}
