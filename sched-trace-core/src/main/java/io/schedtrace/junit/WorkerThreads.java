package io.schedtrace.junit;

import io.schedtrace.ThreadScope;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/**
 * Keeps tests that are not traced out of the traces of others. When a test blocks, JUnit's pool for parallel tests may make
 * a worker on the thread of that test, which then belongs to its trace; here each worker leaves before it runs a test.
 * JUnit's launcher finds this listener by itself and calls it on the thread that runs the test. (On the class path: a named
 * module can only provide a service whose interface is there, and JUnit is optional. On the module path, put {@code
 * provides org.junit.platform.launcher.TestExecutionListener} with a subclass into a module of the tests.)
 */
public class WorkerThreads implements TestExecutionListener {
    /** For the {@link java.util.ServiceLoader}. */
    public WorkerThreads() {}

    @Override
    public void executionStarted(TestIdentifier test) {
        ThreadScope.leaveInherited();
    }
}
