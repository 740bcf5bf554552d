package io.schedtrace.internal.names;

import static io.schedtrace.internal.names.FakeLookup.address;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.hosts.HostEvent.NameResolved;
import io.schedtrace.hosts.HostOptions;
import io.schedtrace.hosts.ProcessImage;
import io.schedtrace.hosts.StaticSource;
import io.schedtrace.lab.DaemonThreads;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** Sessions of names with a lookup that knows a few. */
@Timeout(20)
abstract class HostNamesLab {
    static final Duration LONG = Duration.ofSeconds(10);
    static final InetAddress PEER = address("10.0.0.1");
    static final InetAddress OTHER = address("10.0.0.2");

    final FakeLookup lookup = new FakeLookup()
            .with("arg", "10.0.0.1")
            .with("env", "10.0.0.1", "10.0.0.2")
            .with("own", "10.0.0.1")
            .with("xn--bcher-kva.example", "10.0.0.1");
    private final List<HostNames> opened = new ArrayList<>();
    final HostNames names = open(HostOptions.defaults().withLookup(lookup));

    HostNames open(HostOptions options, StaticSource... more) {
        List<StaticSource> sources = new ArrayList<>(List.of(new CommandLineSource(), new EnvironmentSource()));
        sources.addAll(List.of(more));
        HostNames session = HostNames.open(options, sources, List.of(new GetAddrInfoSource()), DaemonThreads.FACTORY);
        opened.add(session);
        return session;
    }

    @AfterEach
    void close() {
        lookup.released.countDown();
        opened.forEach(HostNames::close);
    }

    static ProcessImage image(String environment, String... arguments) {
        return new ProcessImage(1, "/bin/curl", List.of(arguments), List.of(environment));
    }

    static NameResolved resolved(String name, InetAddress... addresses) {
        return new NameResolved(name, List.of(addresses));
    }

    static List<String> settled(HostNames session, long process, InetAddress address) throws InterruptedException {
        assertThat(session.awaitSettled(process, LONG)).isTrue();
        return session.names(process, address).stream()
                .map(name -> name.name() + " " + name.origin())
                .toList();
    }
}
