package io.schedtrace.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.schedtrace.export.JsonLines;
import io.schedtrace.export.TraceFile;
import io.schedtrace.internal.backend.file.RecordFile;
import io.schedtrace.lab.Recording;
import io.schedtrace.model.Labels;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Redactor;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TraceListener;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole session without a kernel: what a real one said once is replayed from a file. */
class RecordingTest {
    @TempDir
    private Path directory;

    @Test
    void shouldAssembleTheRecordedTree() throws Exception {
        try (RecordingReader whole = new RecordingReader(Recording.read(), directory)) {
            whole.assertWhole();
        }
    }

    @Test
    void shouldMissNothingElseWhenOneRecordIsLost() throws Exception {
        RecordFile recording = Recording.read();
        for (int lost = 0; lost < recording.records().size(); lost++) {
            try (RecordingReader reader = new RecordingReader(Recording.without(recording, lost), directory)) {
                assertThat(reader.trace().processes().size())
                        .as("without record %d", lost)
                        .isBetween(7, 9);
                assertThat(reader.trace().connections())
                        .as("without record %d", lost)
                        .hasSizeBetween(2, 3);
            }
        }
    }

    @Test
    void shouldTellListenersAndWaitAsALiveSessionDoes() throws Exception {
        List<ProcessSpan> ended = new ArrayList<>();
        List<TcpSpan> closed = new ArrayList<>();
        TraceListener listener = new TraceListener() {
            @Override
            public void processEnded(ProcessSpan process) {
                ended.add(process);
            }

            @Override
            public void connectionEnded(TcpSpan connection) {
                closed.add(connection);
            }
        };
        Trace trace;
        try (RecordingReader reader = new RecordingReader(Recording.read(), directory, listener)) {
            trace = reader.session().awaitTree(Duration.ofSeconds(5));
        }
        assertThat(ended).containsExactlyInAnyOrderElementsOf(trace.processes());
        assertThat(closed).containsExactlyInAnyOrderElementsOf(trace.connections());
    }

    @Test
    void shouldBeReadFromTheFileThatWasWrittenMeanwhile() throws Exception {
        Path file = directory.resolve("make.trace");
        Trace trace;
        try (Writer out = Files.newBufferedWriter(file);
                RecordingReader reader = new RecordingReader(
                        Recording.read(), directory, JsonLines.to(out, Labels.NONE, Redactor.none()))) {
            trace = reader.session().awaitTree(Duration.ofSeconds(5));
        }
        assertThat(TraceFile.read(file).trace()).isEqualTo(trace);
    }

    @Test
    void shouldRefuseToStartWhatCannotBeTraced() throws Exception {
        try (RecordingReader reader = new RecordingReader(Recording.read(), directory)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> reader.session().start(new ProcessBuilder("true"), SpanId.random()))
                    .withMessageContaining("replayed from a file");
            assertThatIllegalStateException().isThrownBy(() -> reader.session().enter());
        }
    }
}
