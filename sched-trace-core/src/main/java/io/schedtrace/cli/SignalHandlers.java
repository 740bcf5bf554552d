package io.schedtrace.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * Installs signal handlers with {@code sun.misc.Signal}, the only API for that in Java. It is supported (module
 * jdk.unsupported), but naming it in source causes a compiler warning that cannot be suppressed; hence the reflection.
 */
final class SignalHandlers {
    private SignalHandlers() {}

    /**
     * Runs {@code handler} on a thread of its own whenever the signal arrives. Does nothing if the JVM was started with
     * {@code -Xrs}, or with the signal ignored.
     *
     * @param signal the name without {@code SIG}
     */
    static void set(String signal, Runnable handler) {
        try {
            Class<?> signalClass = Class.forName("sun.misc.Signal");
            Class<?> handlerClass = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    SignalHandlers.class.getClassLoader(), new Class<?>[] {handlerClass}, (self, method, args) -> {
                        if (method.getName().equals("handle")) {
                            handler.run();
                        }
                        return null;
                    });
            signalClass
                    .getMethod("handle", signalClass, handlerClass)
                    .invoke(null, signalClass.getConstructor(String.class).newInstance(signal), proxy);
        } catch (InvocationTargetException e) {
            if (!(e.getCause() instanceof IllegalArgumentException)) {
                throw new LinkageError("sun.misc.Signal", e.getCause());
            }
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("sun.misc.Signal", e);
        }
    }
}
