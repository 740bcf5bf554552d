package io.schedtrace.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.schedtrace.lab.SampleTraces;
import io.schedtrace.model.Redactor;
import io.schedtrace.model.Trace;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever a file has, the reader returns a trace that can be written again, or refuses it in one line. */
class TraceFileFuzzTest {
    private static final Path FILE = Path.of("fuzzed");
    private static final int MUTATIONS = 3000;

    @FuzzTest
    void shouldReadOrRefuseAnything(byte[] content) throws IOException {
        check(content);
    }

    @Test
    void shouldReadOrRefuseChangedFiles() throws IOException {
        StringBuilder out = new StringBuilder();
        JsonLines.write(SampleTraces.failedBuild(), out, Redactor.none());
        byte[] whole = out.toString().getBytes(StandardCharsets.UTF_8);
        Random random = new Random(2);
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] changed = whole.clone();
            for (int j = random.nextInt(3); j >= 0; j--) {
                int at = random.nextInt(whole.length);
                switch (random.nextInt(3)) {
                    case 0 -> changed[at] = (byte) random.nextInt();
                    case 1 -> changed[at] = (byte) "\"{}[]:,\n0-9\\".charAt(random.nextInt(12));
                    default -> {
                        int length = Math.min(random.nextInt(300), whole.length - at);
                        System.arraycopy(whole, random.nextInt(whole.length - length + 1), changed, at, length);
                    }
                }
            }
            check(changed);
        }
    }

    private static void check(byte[] content) throws IOException {
        Trace trace;
        try {
            trace = new TraceFileReader(FILE, 64 << 20)
                    .read(new ByteArrayInputStream(content))
                    .trace();
        } catch (TraceFileException e) {
            assertThat(e.getMessage().lines()).hasSize(1);
            return;
        }
        assertThat(trace.toString()).isNotEmpty();
        StringBuilder out = new StringBuilder();
        JsonLines.write(trace, out, Redactor.none());
        Trace again = new TraceFileReader(FILE, 64 << 20)
                .read(new ByteArrayInputStream(out.toString().getBytes(StandardCharsets.UTF_8)))
                .trace();
        assertThat(again).isEqualTo(trace);
    }
}
