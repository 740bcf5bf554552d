package io.schedtrace.lab;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Service providers that a test registers in a directory of its own. */
public final class Providers {
    private Providers() {}

    /** Something that a test does. */
    public interface Body {
        void run() throws Exception;
    }

    /** Registers providers of a service in {@code directory}, which may then stand on a class path. */
    public static Path register(Path directory, Class<?> service, String... providers) throws IOException {
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.write(services.resolve(service.getName()), List.of(providers));
        return directory;
    }

    /** Runs {@code body} with {@code directory} on the class path of the thread's context class loader. */
    public static void with(Path directory, Body body) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {directory.toUri().toURL()}, before)) {
            thread.setContextClassLoader(loader);
            body.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
