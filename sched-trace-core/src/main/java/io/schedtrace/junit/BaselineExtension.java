package io.schedtrace.junit;

import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Refuses a {@link TraceBaseline} on a test that is not traced. */
final class BaselineExtension implements BeforeEachCallback {
    BaselineExtension() {}

    @Override
    public void beforeEach(ExtensionContext context) {
        if (!JupiterTests.hasSettings(context)
                && !TestRun.of(context).parameters().everyTest()) {
            throw new ExtensionConfigurationException("@TraceBaseline on " + context.getDisplayName()
                    + " has no effect, since the test is not traced; add @TraceProcesses to it or to its class");
        }
    }
}
