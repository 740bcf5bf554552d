package io.schedtrace.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.schedtrace.TracedCommand;
import io.schedtrace.Tracer;
import io.schedtrace.lab.KernelTest;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.TcpSpan.Role;
import io.schedtrace.model.Trace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What real viewers make of a trace. The trace processor is of 2021 and leaves out asynchronous slices. */
@KernelTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PerfettoTraceIT {
    /** A server, and a client that is two programs in one process. */
    private static final String SERVE_ONE = """
            import http.server, subprocess, threading
            server = http.server.HTTPServer(('127.0.0.1', 0), http.server.SimpleHTTPRequestHandler)
            threading.Thread(target=server.handle_request).start()
            subprocess.run(['env', 'curl', '-so', '/dev/null', 'http://127.0.0.1:%d/' % server.server_port], check=True)
            """;

    private static final Duration LONG = Duration.ofSeconds(60);

    /** The trace processor reads microseconds as floating point. */
    private static final Offset<Long> ROUNDING = within(1L);

    private static final String THREADS =
            "Object.values(model.processes).flatMap(process => Object.values(process.threads))";

    private static final String CONNECTIONS = THREADS + """
            .flatMap(thread => thread.asyncSliceGroup.slices.map(slice =>
              [thread.name, slice.title, ...slice.subSlices.map(inner => inner.title)]))""";

    private PerfettoUi ui;

    @BeforeAll
    void startViewers() throws Exception {
        PerfettoUi.require();
        Path directory = Path.of("target", "perfetto").toAbsolutePath();
        ui = PerfettoUi.start(Files.createDirectories(directory));
    }

    @AfterAll
    void closeViewers() throws Exception {
        if (ui != null) {
            ui.close();
        }
    }

    @ParameterizedTest
    @MethodSource("io.schedtrace.export.PerfettoTraceTest#traces")
    void shouldBeReadWithoutErrors(Trace trace) throws Exception {
        ui.load(trace);

        assertThat(errors()).isEmpty();
        assertThat(ui.query("SELECT name FROM process WHERE pid > 0"))
                .hasSize(trace.processes().size() + 1);
        assertThat(ui.query("SELECT name FROM slice WHERE category = 'process'"))
                .hasSize(trace.processes().size());
        assertThat(ui.model(CONNECTIONS)).hasSize(trace.connections().size());
    }

    @Test
    void shouldShowARealRunInPerfetto() throws Exception {
        Trace trace = traced();
        ProcessSpan server = named(trace, "python3");
        ProcessSpan client = named(trace, "curl");
        ui.load(trace);

        assertThat(errors()).isEmpty();
        assertThat(ui.query("SELECT pid, name FROM process WHERE pid > 0"))
                .contains(List.of(server.hostPid(), "python3"), List.of(client.hostPid(), "curl"))
                .hasSize(3);
        assertThat(ui.query("""
                SELECT pid, depth, slice.name FROM slice JOIN thread_track ON track_id = thread_track.id
                JOIN thread USING (utid) JOIN process USING (upid) ORDER BY ts, depth"""))
                .containsExactly(
                        List.of(server.hostPid(), 0L, "python3"),
                        List.of(server.hostPid(), 1L, "python3"),
                        List.of(client.hostPid(), 0L, "curl"),
                        List.of(client.hostPid(), 1L, "env"),
                        List.of(client.hostPid(), 1L, "curl"));
        assertThat(ui.query("SELECT ts, dur FROM slice WHERE category = 'process' ORDER BY ts"))
                .zipSatisfy(List.of(server, client), (times, process) -> {
                    Duration start = Duration.between(server.startTime(), process.startTime());
                    assertThat((Long) times.get(0)).isCloseTo(start.toNanos(), ROUNDING);
                    assertThat((Long) times.get(1)).isCloseTo(process.duration().toNanos(), ROUNDING);
                });
        assertThat(ui.query("""
                SELECT one.name, other.name FROM flow JOIN slice one ON one.id = slice_out
                JOIN slice other ON other.id = slice_in""")).containsExactly(List.of("curl", "python3"));
        assertThat(ui.query("""
                SELECT value FROM counter JOIN process_counter_track AS track ON track_id = track.id
                WHERE track.name = 'live processes count' ORDER BY ts""")).containsExactly(List.of(1L), List.of(2L), List.of(1L), List.of(0L));
    }

    @Test
    void shouldShowARealRunInChromeTracing() throws Exception {
        Trace trace = traced();
        List<Object> connection = List.of("curl", "→ " + peerOfClient(trace), "handshake");
        ui.load(trace);

        assertThat(ui.model("model.importWarnings.map(warning => [warning.message])"))
                .isEmpty();
        assertThat(ui.model(THREADS
                        + ".flatMap(thread => thread.sliceGroup.slices.map(slice => [thread.name, slice.title]))"))
                .containsExactlyInAnyOrder(
                        List.of("python3", "python3"),
                        List.of("python3", "python3"),
                        List.of("curl", "curl"),
                        List.of("curl", "env"),
                        List.of("curl", "curl"));
        assertThat(ui.model(CONNECTIONS))
                .hasSize(3)
                .containsOnlyOnce(connection)
                .anySatisfy(slice -> assertThat(slice.toString()).contains("python3, listens on 127.0.0.1:"));
        assertThat(ui.model("model.flowEvents.map(flow => [flow.startSlice.title, flow.endSlice.title])"))
                .containsExactly(List.of("curl", "python3"));
    }

    private List<List<Object>> errors() throws Exception {
        return ui.query("SELECT name, value FROM stats WHERE severity IN ('error', 'data_loss') AND value <> 0");
    }

    private static Trace traced() throws Exception {
        try (TracedCommand command = Tracer.launch("/usr/bin/python3", "-I", "-c", SERVE_ONE)) {
            assertThat(command.waitFor(LONG)).isTrue();
            return command.awaitTree(LONG);
        }
    }

    private static String peerOfClient(Trace trace) {
        return trace.connections().stream()
                .filter(connection -> connection.role() == Role.CLIENT)
                .map(HtmlSpan::peerName)
                .findAny()
                .orElseThrow();
    }

    private static ProcessSpan named(Trace trace, String name) {
        return trace.processes().stream()
                .filter(process -> process.name().equals(name))
                .findAny()
                .orElseThrow();
    }
}
