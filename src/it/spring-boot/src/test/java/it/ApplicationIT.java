package it;

import static io.schedtrace.assertj.TraceAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.Trace;
import io.schedtrace.TracedCommand;
import io.schedtrace.Tracer;
import io.schedtrace.junit.EnabledIfTracingAvailable;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@EnabledIfTracingAvailable
class ApplicationIT {
    private static final Pattern STARTED = Pattern.compile("Tomcat started on port (\\d+)");
    private static Postgres postgres;

    @BeforeAll
    static void startTheDatabase() throws Exception {
        assumeTrue(
                Postgres.programs() != null || "1".equals(System.getenv("SCHED_TRACE_REQUIRE")),
                "PostgreSQL is not installed");
        postgres = Postgres.start();
    }

    @AfterAll
    static void stopTheDatabase() throws Exception {
        if (postgres != null) {
            postgres.close();
        }
    }

    @Test
    void shouldAskTheDatabaseAndNobodyElse() throws Exception {
        try (TracedCommand application = Tracer.launch(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        "target/spring-boot-1.jar",
                        "--server.address=127.0.0.1",
                        "--server.port=0",
                        "--spring.datasource.username=postgres",
                        "--spring.datasource.url=jdbc:postgresql://localhost:" + postgres.port() + "/postgres")
                .redirectErrorStream(true))) {
            int port;
            try (BufferedReader output = application.process().inputReader()) {
                port = port(output);
                assertThat(get("http://127.0.0.1:" + port + "/answer")).isEqualTo("42");
                application.process().toHandle().destroy();
                output.lines().forEach(System.out::println);
            }
            Trace trace = application.awaitTree(Duration.ofMinutes(2));
            System.out.println(trace);

            assertThat(trace)
                    .isComplete()
                    .leftNothingRunning()
                    .connectedTo("localhost", postgres.port())
                    // Tomcat wakes the thread that accepts by a connection to itself when it stops.
                    .connectedOnlyTo("localhost:" + postgres.port(), "localhost:" + port);
            assertThat(trace).root().exitedWith(128 + 15).hasExactlyChildren();
            assertThat(trace.connections())
                    .filteredOn(c -> c.role() == TcpSpan.Role.SERVER && c.peerSpanId() == null)
                    .as("requests from outside")
                    .hasSize(1);
        }
    }

    private static int port(BufferedReader output) throws IOException {
        StringBuilder seen = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher matcher = STARTED.matcher(line);
            if (matcher.find()) {
                return Integer.parseInt(matcher.group(1));
            }
            seen.append(line).append('\n');
        }
        throw new AssertionError("the application did not start:\n" + seen);
    }

    private static String get(String uri) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofString())
                .body();
    }
}
