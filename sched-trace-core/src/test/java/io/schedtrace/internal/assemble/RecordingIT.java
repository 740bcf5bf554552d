package io.schedtrace.internal.assemble;

import io.schedtrace.lab.KernelTest;
import org.junit.jupiter.api.Test;

/** This kernel says what the recorded one said. */
@KernelTest
class RecordingIT {
    @Test
    void shouldRecordTheSameTreeAgain() throws Exception {
        try (RecordingReader reader = new RecordingReader(Recording.record())) {
            reader.assertWhole();
        }
    }
}
