package io.schedtrace.internal.names;

import static io.schedtrace.internal.names.FakeLookup.address;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.hosts.HostEvent.NameResolved;
import io.schedtrace.hosts.HostOptions;
import io.schedtrace.hosts.ProcessImage;
import io.schedtrace.hosts.StaticSource;
import io.schedtrace.lab.DaemonThreads;
import io.schedtrace.model.HostName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class HostsFileTest {
    private static final String TEXT = """
        # comment
        127.0.0.1   localhost
        ::1\tlocalhost ip6-localhost # more
        10.0.0.1 Web.Example.com web www
        10.0.0.1 web alias
        10.0.0.2
        nonsense line
        999.0.0.1 wrong
        fe80::1%eth0 link
          10.0.0.3    indented bad!name other\r
        10.0.0.4 xn--bcher-kva.example
        """;

    @TempDir
    private Path root;

    private final ProcessImage image = new ProcessImage(1, "/bin/app", List.of("app"), List.of());

    @BeforeEach
    void writeFile() throws IOException {
        Files.createDirectory(root.resolve("etc"));
        Files.writeString(file(), TEXT);
    }

    private Path file() {
        return root.resolve("etc/hosts");
    }

    @Test
    void readsWhatHostsFilesHave() {
        HostsFile hosts = HostsFile.parse(TEXT);
        assertThat(hosts.names(address("127.0.0.1"))).containsExactly("localhost");
        assertThat(hosts.names(address("::1"))).containsExactly("localhost", "ip6-localhost");
        assertThat(hosts.names(address("10.0.0.1"))).containsExactly("web.example.com", "web", "www", "alias");
        assertThat(hosts.names(address("10.0.0.2"))).isEmpty();
        assertThat(hosts.names(address("10.0.0.3"))).containsExactly("indented", "other");
        assertThat(hosts.names(address("10.0.0.4"))).containsExactly("bücher.example");
        assertThat(hosts.names(address("fe80::1"))).containsExactly("link");
        assertThat(hosts.knows("wrong")).isFalse();
        assertThat(HostsFile.parse("\0\0\n\n#").knows("x")).isFalse();
    }

    @Test
    void countsOnlySoManyEntries() {
        String big = IntStream.range(0, HostsFile.MAX_PAIRS + 10)
                .mapToObj(i -> "0.0.0.0 ads" + i + "\n")
                .collect(Collectors.joining());
        assertThat(HostsFile.parse(big).names(address("0.0.0.0"))).hasSize(HostsFile.MAX_PAIRS);
    }

    @Test
    void readsAFileOnceForAllProcesses() throws Exception {
        HostsFileSource source = new HostsFileSource(any -> root);
        HostsFile first = source.file(image);
        for (int i = 0; i < 3_000; i++) {
            assertThat(source.file(image)).isSameAs(first).isNotNull();
        }
        Files.writeString(file(), "10.0.0.1 changed\n");
        assertThat(source.file(image).knows("changed")).isTrue();
        HostsFile second = source.file(image);
        Files.setLastModifiedTime(file(), FileTime.fromMillis(1_000));
        assertThat(source.file(image)).isNotSameAs(second);
    }

    @Test
    void readsNothingButFilesAndOnlySoMuch() throws Exception {
        HostsFileSource source = new HostsFileSource(any -> root);
        Files.writeString(file(), "10.0.0.1 first\n" + "#".repeat(2 << 20) + "\n10.0.0.1 last\n");
        assertThat(source.file(image).names(address("10.0.0.1"))).containsExactly("first");
        Files.delete(file());
        assertThat(source.file(image)).isNull();
        Path target = Files.writeString(root.resolve("target"), "10.0.0.1 target\n");
        Files.createSymbolicLink(file(), target);
        assertThat(source.file(new ProcessImage(0, "", List.of(), List.of())))
                .as("a link of a process that may see another root")
                .isNull();
        ProcessImage self = new ProcessImage(ProcessHandle.current().pid(), "", List.of(), List.of());
        assertThat(source.file(self)).as("a link of our own").isNotNull();
        Files.delete(file());
        Files.createDirectory(file());
        assertThat(source.file(image)).isNull();
        assertThat(new HostsFileSource().file(new ProcessImage(0, "", List.of(), List.of())))
                .as("no such process")
                .isNull();
    }

    @Test
    void tellsFactsToAnySink() {
        HostsFileSource source = new HostsFileSource(any -> root);
        SourceSink sink = new SourceSink(100);
        sink.open(source.origin());
        source.inspect(image, sink);
        assertThat(sink.facts())
                .contains(new SourceSink.Fact(new HostName("web", "hosts"), address("10.0.0.1")))
                .hasSize(11);
    }

    @Test
    void countsForWhatTheProcessNamedOrIfThereIsNothingElse() throws Exception {
        FakeLookup lookup = new FakeLookup().with("other.example", "10.0.0.1");
        List<StaticSource> sources = List.of(new EnvironmentSource(), new HostsFileSource(any -> root));
        HostOptions options = HostOptions.defaults().withLookup(lookup);
        try (HostNames names =
                HostNames.open(options, sources, List.of(new GetAddrInfoSource()), DaemonThreads.FACTORY)) {
            names.executed(1, () -> environment("A=http://web/", "B=http://other.example/"));
            names.connecting(1, address("10.0.0.1"));
            names.executed(2, () -> environment("A=1"));
            names.executed(3, () -> environment("A=http://web/"));
            names.observed(3, new NameResolved("alias", List.of(address("10.0.0.1"))));
            names.forked(4, 1);
            for (long process = 1; process <= 4; process++) {
                assertThat(names.awaitSettled(process, Duration.ofSeconds(10))).isTrue();
            }
            HostName web = new HostName("web", "hosts");
            HostName other = new HostName("other.example", "environ");
            HostName alias = new HostName("alias", "getaddrinfo");
            assertThat(names.names(1, address("10.0.0.1"))).containsExactly(web, other, alias);
            assertThat(names.names(4, address("10.0.0.1"))).containsExactly(web, other, alias);
            assertThat(names.names(3, address("10.0.0.1"))).containsExactly(alias, web, other);
            assertThat(names.names(2, address("127.0.0.1"))).containsExactly(new HostName("localhost", "hosts"));
            assertThat(lookup.asked).as("the hosts file has the other").containsExactly("other.example");
        }
    }

    private static ProcessImage environment(String... variables) {
        return new ProcessImage(1, "/bin/app", List.of("app"), List.of(variables));
    }
}
