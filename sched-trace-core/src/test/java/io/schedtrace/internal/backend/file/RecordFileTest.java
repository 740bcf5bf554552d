package io.schedtrace.internal.backend.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.schedtrace.internal.record.RecordType;
import io.schedtrace.lab.Recording;
import io.schedtrace.model.Availability;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordFileTest {
    private static RecordFile read(String text) throws IOException {
        return RecordFile.read(new StringReader(text), "x.records");
    }

    @Test
    void shouldReadWhatItHasWritten() throws IOException {
        RecordFile file = new RecordFile(
                65536,
                -5,
                "/jdk/lib/jspawnhelper",
                9,
                Map.of(RecordType.PROCESS_END, 2L),
                3,
                List.of(new byte[] {1}, new byte[] {1, 2}, new byte[] {1, 2, 3}));
        StringBuilder out = new StringBuilder();
        file.write(out);

        RecordFile again = read(out.toString());
        assertThat(again).usingRecursiveComparison().isEqualTo(file);
    }

    @Test
    void shouldDecodeTheRecordingOfTheTests() {
        RecordFile file = Recording.read();
        assertThat(file.decode()).hasSize((int) file.made());
    }

    @Test
    void shouldPassOverCommentsAndUnknownProperties() throws IOException {
        RecordFile file = read("sched-trace records 2\n# why\nmade=4\nfrom_the_future=x\n");
        assertThat(file.made()).isEqualTo(4);
        assertThat(file.records()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | x.records is not a file of records",
                "{}\\n | x.records is not a file of records",
                "sched-trace records 3\\n | x.records has version 3 of the format, this reads 2",
                "sched-trace records 2\\n\\nAAAA\\n?? | x.records is damaged: line 4 is not a record in Base64",
                "sched-trace records 2\\nAAAA\\n | x.records is damaged: line 2 is not NAME=VALUE",
                "sched-trace records 2\\nmade=many | x.records is damaged: made is not a number: many",
            })
    void shouldNameWhatIsWrong(String text, String message) {
        assertThatIOException()
                .isThrownBy(() -> read(text.replace("\\n", "\n")))
                .withMessageStartingWith(message);
    }

    @Test
    void shouldTellWhyItCannotReplay(@TempDir Path directory) throws IOException {
        Path none = directory.resolve("none.records");
        Availability availability = new FileBackend(none).availability();
        assertThat(availability.available()).isFalse();
        assertThat(availability.message()).contains("none.records");

        Path other = Files.writeString(directory.resolve("other.records"), "sched-trace records 2\n\nAAAA\n");
        assertThat(new FileBackend(other).availability().message()).contains("other.records", "record 1");
    }
}
