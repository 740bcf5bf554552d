package io.schedtrace.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.hosts.HostOptions;
import io.schedtrace.internal.backend.FeedOptions;
import io.schedtrace.internal.backend.file.FileBackend;
import io.schedtrace.internal.backend.file.RecordFile;
import io.schedtrace.lab.Recording;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TcpSpan.Outcome;
import io.schedtrace.model.TcpSpan.Role;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TraceId;
import io.schedtrace.model.TraceListener;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A session that replays a recording of {@link Recording#COMMAND}. */
final class RecordingReader implements AutoCloseable {
    private final Session session;

    /** @param directory where the recording may be written to */
    RecordingReader(RecordFile recording, Path directory, TraceListener... listeners) throws IOException {
        Path file = directory.resolve("a.records");
        try (Writer out = Files.newBufferedWriter(file)) {
            recording.write(out);
        }
        session = Session.open(
                new FileBackend(file),
                new SessionOptions(
                        new TraceId(1, 2),
                        null,
                        null,
                        1 << 20,
                        true,
                        Duration.ofMillis(1),
                        new FeedOptions(FeedOptions.ANY_SIZE, false, false),
                        HostOptions.defaults().withResolveCandidates(false),
                        List.of(),
                        List.of(),
                        List.of(listeners)));
    }

    Session session() {
        return session;
    }

    Trace trace() {
        return session.trace();
    }

    /** Asserts what the command does by its own words. */
    void assertWhole() {
        Trace trace = trace();
        ProcessSpan make = trace.processes().get(0);
        assertThat(make.spanId()).isEqualTo(new SpanId(Recording.SPAN));
        assertThat(make.arguments()).isEqualTo(Recording.COMMAND);
        assertThat(make.exit()).hasToString("exit 2");
        assertThat(trace.processes()).allMatch(ProcessSpan::complete);
        assertThat(trace.processes()).extracting(ProcessSpan::name).contains("make", "ls", "wc", "python3", "sh");
        assertThat(named("ls").parentSpanId()).isEqualTo(named("wc").parentSpanId());
        assertThat(trace.processes())
                .filteredOn(span -> "exit 3".equals(String.valueOf(span.exit())))
                .singleElement()
                .satisfies(span -> {
                    assertThat(span.parentSpanId()).isEqualTo(make.spanId());
                    assertThat(span.arguments()).endsWith("exit 3");
                });
        assertThat(trace.isComplete()).isTrue();
        assertConnections(trace.connections(), named("python3"));
        assertThat(trace.listeners()).singleElement().satisfies(listener -> {
            assertThat(listener.processSpanId()).isEqualTo(named("python3").spanId());
            assertThat(listener.complete()).isTrue();
            assertThat(listener.endpoint())
                    .isEqualTo("127.0.0.1:" + trace.connections().get(0).peer().getPort());
        });
    }

    private static void assertConnections(List<TcpSpan> connections, ProcessSpan owner) {
        assertThat(connections).hasSize(3).allMatch(TcpSpan::complete);
        assertThat(connections).extracting(TcpSpan::processSpanId).containsOnly(owner.spanId());
        TcpSpan client = connections.get(0);
        TcpSpan server = connections.get(1);
        TcpSpan refused = connections.get(2);
        assertThat(server.role()).isEqualTo(Role.SERVER);
        assertThat(server.parentSpanId()).isEqualTo(client.spanId());
        assertThat(client.counters().bytesSent())
                .isEqualTo(1000)
                .isEqualTo(server.counters().bytesReceived());
        assertThat(client.outcome()).isEqualTo(Outcome.CLOSED);
        assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(refused.peer().getPort()).isEqualTo(1);
    }

    private ProcessSpan named(String name) {
        return trace().processes().stream()
                .filter(span -> span.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        session.close(false);
    }
}
