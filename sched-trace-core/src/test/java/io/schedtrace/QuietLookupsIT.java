package io.schedtrace;

import static io.schedtrace.lab.NamesInside.Mode.DNS;
import static io.schedtrace.lab.NamesInside.Mode.NO_LOOKUPS;
import static io.schedtrace.lab.NamesInside.Mode.SELF;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.NamesInside;
import io.schedtrace.lab.NamesLab;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a tracer asks the resolver of its own network, by the resolver's own log. */
@KernelTest
class QuietLookupsIT {
    private static final Map<String, String> NO_HOSTS = Map.ofEntries(
            Map.entry("APP_JAR", "app.jar"),
            Map.entry("CLASSPATH", "lib/a.jar:lib/b.jar:target/classes"),
            Map.entry("MAIN_CLASS", "com.example.shop.Main"),
            Map.entry("HANDLER", "com.example.Handler::handle"),
            Map.entry("PACKAGE", "org.example.tools"),
            Map.entry("SCRIPT", "run.py"),
            Map.entry("CONFIG_FILE", "application.yml"),
            Map.entry("APP_VERSION", "1.2.3"),
            Map.entry("RELEASE", "v2.0.1-rc.1"),
            Map.entry("JAVA_OPTS", "-Xmx1g -Dlog.file=server.log -javaagent:agent.jar=port:1"),
            Map.entry("SUBJECT", "Re: build of main.go at 12:30"),
            Map.entry("BUILD_DATE", "2024-05-01T10:11:12Z"),
            Map.entry("IMAGE", "registry/app:1.2"),
            Map.entry("MODULE", "java.base"),
            Map.entry("PROPERTIES", "log4j2.xml"),
            Map.entry("HOSTTYPE", "x86_64"),
            Map.entry("API_TOKEN", "abc.def.ghi"));

    private static final Pattern REFUSED = Pattern.compile("env \\| ([^=]+)=(.*) \\| -");

    private static final Map<String, String> HOSTS = Map.of(
            "DB_HOST", "db.names.test",
            "CACHE_URL", "redis://user:hunter2@cache.names.test:6379/0",
            "BROKERS", "[\"gone.names.test:9092\"]");

    @TempDir
    private Path directory;

    private NamesLab lab;

    @BeforeEach
    void open() throws IOException {
        lab = new NamesLab(directory, "127.0.1.1 db.names.test\n127.0.1.2 cache.names.test\n");
    }

    @AfterEach
    void close() throws IOException {
        lab.close();
    }

    private static Map<String, String> all() {
        Map<String, String> all = new HashMap<>(NO_HOSTS);
        all.putAll(HOSTS);
        return all;
    }

    @Test
    void asksForNothingThatIsNoHost() throws Exception {
        List<String> names = NamesInside.run(
                lab, NO_HOSTS, List.of(), "curl", "-sf", "-o", "page.html", "http://127.0.1.1:8080/index.html");

        assertThat(names).containsExactly("8080 ");
        assertThat(lab.queries()).isEmpty();
    }

    /** What is set in {@code recognised.txt} to something without a host, as far as the tracer's JVM can stand it. */
    private static Map<String, String> refused() throws IOException {
        Map<String, String> refused = new HashMap<>();
        try (InputStream in = QuietLookupsIT.class.getResourceAsStream("internal/names/recognised.txt")) {
            new String(in.readAllBytes(), UTF_8)
                    .lines()
                    .map(REFUSED::matcher)
                    .filter(Matcher::matches)
                    .forEach(row -> refused.put(row.group(1), row.group(2)));
        }
        refused.keySet().removeAll(List.of("PATH", "LD_LIBRARY_PATH", "JAVA_TOOL_OPTIONS"));
        return refused;
    }

    @Test
    void asksForNothingThatTheTableRefuses() throws Exception {
        Map<String, String> refused = refused();

        assertThat(refused).hasSizeGreaterThan(150);
        assertThat(NamesInside.run(lab, refused, List.of(), "curl", "-sf", "http://127.0.1.1:8080/"))
                .containsExactly("8080 ");
        assertThat(lab.queries()).isEmpty();
    }

    @Test
    void asksForNothingWithoutAConnection() throws Exception {
        assertThat(NamesInside.run(lab, all(), List.of(), "sh", "-c", "ls / | wc -l"))
                .isEmpty();
        assertThat(lab.queries()).isEmpty();
    }

    @Test
    void asksForHostsAloneWhenAConnectionIsMade() throws Exception {
        List<String> names = NamesInside.run(lab, all(), List.of(), "curl", "-sf", "http://127.0.1.2:8080/");

        assertThat(names).containsExactly("8080 cache.names.test (environ)");
        assertThat(lab.queries())
                .as(
                        "A and AAAA, once each; the resolver library tries a name that is not there in the search domain too")
                .containsExactlyInAnyOrder(
                        "A db.names.test",
                        "AAAA db.names.test",
                        "A cache.names.test",
                        "AAAA cache.names.test",
                        "A gone.names.test",
                        "AAAA gone.names.test",
                        "A gone.names.test.names.test",
                        "AAAA gone.names.test.names.test");
    }

    @Test
    void asksForNothingIfToldSo() throws Exception {
        assertThat(NamesInside.run(lab, all(), List.of(NO_LOOKUPS), "curl", "-sf", "http://127.0.1.2:8080/"))
                .containsExactly("8080 ");
        assertThat(lab.queries()).isEmpty();
    }

    @Test
    void asksForNothingThatTheProcessHasAskedFor() throws Exception {
        String[] curl = {"curl", "-sf", "http://db.names.test:8080/"};
        lab.run(curl);
        List<String> untraced = lab.queries();

        assertThat(NamesInside.run(lab, Map.of(), List.of(DNS), curl)).containsExactly("8080 db.names.test (dns)");
        List<String> all = lab.queries();
        assertThat(all.subList(untraced.size(), all.size())).containsExactlyInAnyOrderElementsOf(untraced);
    }

    @Test
    void namesTheConnectionsOfTheJvmItself() throws Exception {
        assertThat(NamesInside.run(lab, all(), List.of(SELF), "127.0.1.2", "8080"))
                .containsExactly("8080 cache.names.test (environ)");
        assertThat(NamesInside.run(lab, Map.of(), List.of(SELF, DNS), "db.names.test", "8080"))
                .containsExactly("8080 db.names.test (dns)");
    }
}
