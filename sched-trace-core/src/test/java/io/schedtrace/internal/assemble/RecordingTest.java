package io.schedtrace.internal.assemble;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a real kernel said once, assembled again. */
class RecordingTest {
    @Test
    void shouldAssembleTheRecordedTree() throws Exception {
        List<byte[]> records = Recording.read();
        try (RecordingReader whole = new RecordingReader(records)) {
            whole.assertWhole();
        }
    }

    @Test
    void shouldMissNothingElseWhenOneRecordIsLost() throws Exception {
        List<byte[]> records = Recording.read();
        for (int lost = 0; lost < records.size(); lost++) {
            List<byte[]> fewer = new ArrayList<>(records);
            fewer.remove(lost);
            try (RecordingReader reader = new RecordingReader(fewer)) {
                assertThat(reader.processes().size())
                        .as("without record %d", lost)
                        .isBetween(7, 9);
                assertThat(reader.connections()).as("without record %d", lost).hasSizeBetween(2, 3);
            }
        }
    }
}
