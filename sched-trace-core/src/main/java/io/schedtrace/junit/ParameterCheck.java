package io.schedtrace.junit;

import java.util.HashSet;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.platform.engine.ConfigurationParameters;
import org.junit.platform.engine.TestEngine;
import org.junit.platform.launcher.LauncherDiscoveryListener;
import org.junit.platform.launcher.LauncherDiscoveryRequest;

/** Checks the configuration parameters before JUnit looks for tests. What it throws reaches who runs the tests. */
final class ParameterCheck implements LauncherDiscoveryListener {
    @Override
    public void launcherDiscoveryStarted(LauncherDiscoveryRequest request) {
        ConfigurationParameters configuration = request.getConfigurationParameters();
        Set<String> names = new HashSet<>(configuration.keySet());
        names.addAll(System.getProperties().stringPropertyNames());
        Parameters.checkNames(names);
        Parameters parameters = new Parameters(configuration::get);
        parameters.check();
        if (parameters.everyTest() && hasJupiter()) {
            parameters.checkAutodetection();
        }
    }

    private static boolean hasJupiter() {
        return ServiceLoader.load(TestEngine.class).stream()
                .anyMatch(engine -> engine.type().getName().equals("org.junit.jupiter.engine.JupiterTestEngine"));
    }
}
