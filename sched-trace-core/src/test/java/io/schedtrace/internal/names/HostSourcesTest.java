package io.schedtrace.internal.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.hosts.DynamicSource;
import io.schedtrace.hosts.HostEvent;
import io.schedtrace.hosts.HostSink;
import io.schedtrace.hosts.ProcessImage;
import io.schedtrace.hosts.StaticSource;
import io.schedtrace.lab.Providers;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
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

    @Test
    void findsSourcesOfTheUserAndLeavesOutThoseThatAreBroken() throws Exception {
        for (Class<?> service : List.of(StaticSource.class, DynamicSource.class)) {
            Providers.register(directory, service, "io.schedtrace.hosts.Missing", Mine.class.getName());
        }
        Providers.with(directory, () -> {
            assertThat(HostSources.staticSources())
                    .extracting(StaticSource::origin)
                    .containsExactly("cmdline", "environ", "hosts", "mine");
            assertThat(HostSources.dynamicSources())
                    .extracting(DynamicSource::origin)
                    .containsExactly("dns", "getaddrinfo", "mine");
        });
    }
}
