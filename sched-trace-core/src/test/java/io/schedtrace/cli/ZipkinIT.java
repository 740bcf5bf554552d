package io.schedtrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.cli.Invocation.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sends a trace of the real kernel to a Zipkin server, and reads it through its HTTP API and its user interface. */
class ZipkinIT {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    @TempDir
    private Path directory;

    @BeforeAll
    static void needTracing() {
        Invocation.requireTracing();
    }

    @Test
    void shouldShowATraceInZipkin() throws Exception {
        try (Zipkin zipkin = Zipkin.start(directory.resolve("zipkin.log"));
                OtlpCollector collector = OtlpCollector.passingOn(zipkin::take)) {
            ProcessBuilder command = new ProcessBuilder(Invocation.commandLine(
                    "--otlp",
                    "--name",
                    "nightly build",
                    "--trace-id",
                    TRACE,
                    "--",
                    "sh",
                    "-c",
                    "ls / | wc -l; curl -s http://127.0.0.1:1/; exit 3"));
            command.environment().put("OTEL_EXPORTER_OTLP_ENDPOINT", collector.endpoint());
            Result result = Invocation.start(command).result();
            assertThat(result.status()).isEqualTo(3);
            assertThat(result.errLines()).noneMatch(line -> line.startsWith("sched-trace: "));

            String tree = Invocation.filter(zipkin.get("/api/v2/trace/" + TRACE), "jq", "-c", """
                    . as $all | map({(.id): (.name | sub("^connect .*"; "connect"))}) | add as $name | $all
                    | map([$name[.parentId // ""] // "", $name[.id], .kind // "", .tags.error // "",
                        .localEndpoint.serviceName]) | sort[]""");
            assertThat(tree.lines())
                    .containsExactly(
                            "[\"\",\"nightly build\",\"\",\"exit 3\",\"sched-trace\"]",
                            "[\"curl\",\"connect\",\"CLIENT\",\"refused (ECONNREFUSED)\",\"sched-trace\"]",
                            "[\"nightly build\",\"curl\",\"\",\"exit 7\",\"sched-trace\"]",
                            "[\"nightly build\",\"ls\",\"\",\"\",\"sched-trace\"]",
                            "[\"nightly build\",\"wc\",\"\",\"\",\"sched-trace\"]");
            assertThat(page(zipkin))
                    .contains("nightly build", "connect ", "curl", "ls", "wc")
                    .containsIgnoringCase("sched-trace");
        }
    }

    /**
     * Returns the DOM of the trace's page after its scripts have run. Saves a screenshot to {@code
     * target/zipkin/trace.png}.
     */
    private String page(Zipkin zipkin) throws Exception {
        Path picture = Path.of("target/zipkin/trace.png").toAbsolutePath();
        Path dom = directory.resolve("page.html");
        for (String output : new String[] {"--screenshot=" + picture, "--dump-dom"}) {
            Process browser = new ProcessBuilder(
                            "chromium",
                            "--headless",
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-dev-shm-usage",
                            "--window-size=1400,700",
                            "--virtual-time-budget=30000",
                            "--user-data-dir=" + directory.resolve("profile"),
                            output,
                            zipkin.page(TRACE))
                    .redirectError(directory.resolve("browser.log").toFile())
                    .redirectOutput(dom.toFile())
                    .start();
            if (!browser.waitFor(180, TimeUnit.SECONDS)) {
                browser.destroyForcibly();
            }
            assertThat(browser.exitValue()).as("chromium").isZero();
        }
        return Files.readString(dom);
    }
}
