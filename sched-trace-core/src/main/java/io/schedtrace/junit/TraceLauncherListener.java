package io.schedtrace.junit;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Follows the runs of a session of JUnit's launcher, which finds this listener.
 *
 * <ul>
 *   <li>It checks the configuration parameters before any test runs.
 *   <li>It tells the extension which tests are running, also those that are not traced: what these do is kept out of the
 *       traces of others.
 *   <li>With {@code io.schedtrace.everyTest} it traces and guards the tests of engines other than JUnit Jupiter. Nothing on
 *       the Platform can change the result of such a test: a broken guard is printed at the end of the test, and the session
 *       fails when it is closed, which fails a build by Surefire or Failsafe.
 * </ul>
 *
 * <p>On the class path there is nothing to do. On the module path, put {@code provides
 * org.junit.platform.launcher.LauncherSessionListener} with a subclass into a module of the tests: a named module can only
 * provide a service whose interface is there, and JUnit is optional for this one.
 */
public class TraceLauncherListener implements LauncherSessionListener {
    private final PlanListener plans = new PlanListener();

    /** For the {@link java.util.ServiceLoader}. */
    public TraceLauncherListener() {}

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        session.getLauncher().registerLauncherDiscoveryListeners(new ParameterCheck());
        session.getLauncher().registerTestExecutionListeners(plans);
    }

    /** @throws AssertionError if something was broken that no test has failed for */
    @Override
    public void launcherSessionClosed(LauncherSession session) {
        plans.failIfBroken();
    }
}
