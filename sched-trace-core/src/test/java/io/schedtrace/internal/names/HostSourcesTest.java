package io.schedtrace.internal.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.hosts.DynamicSource;
import io.schedtrace.hosts.HostEvent;
import io.schedtrace.hosts.HostSink;
import io.schedtrace.hosts.ProcessImage;
import io.schedtrace.hosts.StaticSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources of a user, as {@link java.util.ServiceLoader} finds them. */
class HostSourcesTest {
    @TempDir
    private Path directory;

    /** A source for both seams. */
    public static final class Mine implements StaticSource, DynamicSource {
        @Override
        public String origin() {
            return "mine";
        }

        @Override
        public void inspect(ProcessImage image, HostSink sink) {
            sink.candidate("mine");
        }

        @Override
        public void observe(HostEvent event, HostSink sink) {
            sink.fact("mine", InetAddress.getLoopbackAddress());
        }
    }

    private void provide(Class<?> service) throws IOException {
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.writeString(
                services.resolve(service.getName()), "io.schedtrace.hosts.Missing\n" + Mine.class.getName() + "\n");
    }

    @Test
    void findsSourcesOfTheUserAndLeavesOutThoseThatAreBroken() throws Exception {
        provide(StaticSource.class);
        provide(DynamicSource.class);
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {directory.toUri().toURL()}, getClass().getClassLoader())) {
            thread.setContextClassLoader(loader);
            assertThat(HostSources.staticSources())
                    .extracting(StaticSource::origin)
                    .containsExactly("cmdline", "environ", "hosts", "mine");
            assertThat(HostSources.dynamicSources())
                    .extracting(DynamicSource::origin)
                    .containsExactly("dns", "getaddrinfo", "mine");
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
