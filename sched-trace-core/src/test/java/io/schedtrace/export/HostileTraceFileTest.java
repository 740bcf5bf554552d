package io.schedtrace.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.schedtrace.lab.SampleTraces;
import io.schedtrace.lab.Spans;
import io.schedtrace.model.Trace;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that are no traces, or want to harm the reader. */
class HostileTraceFileTest {
    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = directory.resolve("a.trace");
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void shouldRefuseMistakesInOneSentence(String complaint, String content) throws IOException {
        Files.write(file, content.getBytes(StandardCharsets.ISO_8859_1));

        TraceFileException refusal = catchThrowableOfType(TraceFileException.class, () -> TraceFile.read(file));

        assertThat(refusal).hasMessageStartingWith(file + ": ").hasMessageContaining(complaint);
        assertThat(refusal.getMessage().lines()).hasSize(1);
        assertThat(refusal.getMessage()).hasSizeLessThan(800);
    }

    static Stream<Arguments> mistakes() {
        String header = "{\"type\":\"header\",\"format\":\"sched-trace\",\"version\":1,\"trace_id\":\"" + Spans.TRACE
                + "\",\"order\":\"start\"}\n";
        String child = JsonLines.format(
                Spans.process(1, "true").under(Spans.process(2, "x").build()).build());
        String parent = JsonLines.format(
                Spans.process(2, "true").under(Spans.process(1, "x").build()).build());
        return Stream.of(
                mistake("the file is empty; this is not a saved trace", ""),
                mistake("line 1: this is not a saved trace; sched-trace --format json -o FILE", "\u007fELF\n\n"),
                mistake("line 1: this is not a saved trace", "{\"type\":\"process\"}\n"),
                mistake("line 1: this is not a saved trace", "{\"type\":\"header\",\"format\":\"other\"}\n"),
                mistake("line 1: it is not valid JSON", "{\"type\":\"header\",\"format\":\"sched"),
                mistake("this sched-trace knows version 1; read it with a later one", header.replace(":1,", ":2,")),
                mistake("\"version\" of this line is not a whole number", header.replace(":1,", ":1.5,")),
                mistake("a trace id has 32 hexadecimal digits", header.replace(Spans.TRACE.toString(), "abc")),
                mistake("line 2: it is not valid JSON", header + "nonsense\n" + child),
                mistake("line 2: it is not UTF-8", header + "{\"type\":\"\u00ff\"}\n"),
                mistake("line 2: this line has no \"type\"", header + "{}\n"),
                mistake("line 3: another line has the span id", header + child + "\n" + child + "\n"),
                mistake("is its own ancestor", header + child + "\n" + parent + "\n"),
                mistake("a second trace begins here", header + header),
                mistake("line 2: this line has no \"pid\"", header + child.replace("\"pid\":1,", "") + "\n"),
                mistake(
                        "\"pid\" of this line is not a whole number",
                        header + child.replace("\"pid\":1,", "\"pid\":\"1\",") + "\n"),
                mistake(
                        "Number value length",
                        header + child.replace("\"pid\":1,", "\"pid\":1" + "0".repeat(5000) + ",") + "\n"),
                mistake("nesting depth", header + "{\"type\":\"a\",\"x\":" + "[".repeat(100_000) + "\n"),
                mistake("Duplicate", header + child.replace("\"pid\":1,", "\"pid\":1,\"pid\":2,") + "\n"),
                mistake(
                        "belongs to another trace",
                        header + child.replace("0123456789abcdef0123", "ff23456789abcdef0123") + "\n"),
                mistake(
                        "is not an IP address",
                        header
                                + JsonLines.format(Spans.connection(5, null).build())
                                        .replace("10.0.0.7", "evil.test") + "\n"),
                mistake(
                        "is not one of [client, server]",
                        header
                                + JsonLines.format(Spans.connection(5, null).build())
                                        .replace("\"client\"", "\"boss\"") + "\n"),
                mistake(
                        "\"args\" of this line is not a list of texts",
                        header + child.replace("\"args\":[\"true\"]", "\"args\":[1]") + "\n"));
    }

    private static Arguments mistake(String complaint, String content) {
        return Arguments.of(complaint, content);
    }

    @Test
    void shouldRefuseWhatDoesNotFitIntoMemory() throws IOException {
        TraceFile.write(SampleTraces.failedBuild(), file);
        try (InputStream in = Files.newInputStream(file)) {
            TraceFileReader reader = new TraceFileReader(file, 12_000);
            TraceFileException refusal = catchThrowableOfType(TraceFileException.class, () -> reader.read(in));
            assertThat(refusal).hasMessageContaining("half of the memory of this JVM; give it more by -Xmx");
        }
    }

    @Test
    void shouldNotReadAnEndlessLine() throws IOException {
        String header =
                Files.readString(write(Spans.trace())).lines().findFirst().orElseThrow() + "\n{";
        InputStream endless = new SequenceInputStream(
                new ByteArrayInputStream(header.getBytes(StandardCharsets.UTF_8)), new InputStream() {
                    @Override
                    public int read() {
                        return ' ';
                    }
                });
        TraceFileReader reader = new TraceFileReader(file, 1 << 20);
        assertThat(catchThrowableOfType(TraceFileException.class, () -> reader.read(endless)))
                .hasMessageContaining("line 2: it has more than 262144 bytes");
    }

    @Test
    void shouldNotKeepMoreValuesThanFitIntoMemory() throws IOException {
        String line = Files.readString(write(Spans.trace())).lines().findFirst().orElseThrow()
                + "\n{\"type\":\"x\",\"a\":[" + "1,".repeat(100_000) + "1]}\n";
        TraceFileReader reader = new TraceFileReader(file, 8 << 20);
        assertThat(catchThrowableOfType(
                        TraceFileException.class,
                        () -> reader.read(new ByteArrayInputStream(line.getBytes(StandardCharsets.UTF_8)))))
                .hasMessageContaining("line 2: it has too many values for the memory of this JVM");
    }

    private Path write(Trace trace) throws IOException {
        TraceFile.write(trace, file);
        return file;
    }
}
