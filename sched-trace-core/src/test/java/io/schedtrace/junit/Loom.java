package io.schedtrace.junit;

import java.lang.reflect.Method;
import java.util.concurrent.Callable;

/** Virtual threads and structured task scopes, by reflection: the tests are compiled for JDK 17. */
final class Loom {
    private Loom() {}

    static boolean hasThreads() {
        return Runtime.version().feature() >= 21;
    }

    /** Whether scopes have the form that they have since JDK 25. They are a preview. */
    static boolean hasScopes() {
        try {
            ((AutoCloseable) open().invoke(null)).close();
            return true;
        } catch (Exception | LinkageError e) {
            return false;
        }
    }

    static void start(Runnable task) {
        try {
            Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    static void fork(Runnable task) {
        try (AutoCloseable scope = (AutoCloseable) open().invoke(null)) {
            Class<?> type = open().getDeclaringClass();
            Callable<Void> callable = () -> {
                task.run();
                return null;
            };
            type.getMethod("fork", Callable.class).invoke(scope, callable);
            type.getMethod("join").invoke(scope);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static Method open() throws ReflectiveOperationException {
        return Class.forName("java.util.concurrent.StructuredTaskScope").getMethod("open");
    }
}
