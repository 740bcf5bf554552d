package io.schedtrace.internal.session;

import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.Recording;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** This kernel says what the recorded one said. */
@KernelTest
class RecordingIT {
    @TempDir
    private Path directory;

    @Test
    void shouldRecordTheSameTreeAgain() throws Exception {
        try (RecordingReader reader = new RecordingReader(Recording.record(), directory)) {
            reader.assertWhole();
        }
    }
}
