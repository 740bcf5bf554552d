package io.schedtrace.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.schedtrace.lab.RandomTraces;
import io.schedtrace.lab.SampleTraces;
import io.schedtrace.lab.Spans;
import io.schedtrace.model.Labels;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Redactor;
import io.schedtrace.model.Span;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TraceListener;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TraceFileTest {
    private static final int RANDOM_TRACES = 300;

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = directory.resolve("a.trace");
    }

    static Stream<Trace> traces() {
        return Stream.concat(
                Stream.of(Spans.trace(), SampleTraces.failedBuild(), SampleTraces.lossy()),
                LongStream.range(0, RANDOM_TRACES).mapToObj(RandomTraces::trace));
    }

    @Test
    void shouldReadWhatItHasWritten() throws IOException {
        Iterable<Trace> traces = traces()::iterator;
        for (Trace trace : traces) {
            TraceFile.write(trace, file, Redactor.none());
            assertThat(TraceFile.read(file).trace()).isEqualTo(trace);
            List<String> lines = Files.readAllLines(file);
            TraceFile.read(file).write(file);
            assertThat(Files.readAllLines(file)).isEqualTo(lines);
        }
    }

    @Test
    void shouldWriteWhatTheSchemaDescribes() throws IOException {
        Schema schema = schema();
        Iterable<Trace> traces = traces().limit(50)::iterator;
        for (Trace trace : traces) {
            TraceFile.write(trace, file, Redactor.none());
            for (String line : Files.readAllLines(file)) {
                assertThat(schema.validate(line, InputFormat.JSON)).as(line).isEmpty();
            }
        }
        assertThat(schema.validate("{\"type\":\"trace\",\"via\":\"magic\"}", InputFormat.JSON))
                .extracting(Error::getMessage)
                .anyMatch(message -> message.contains("via") || message.contains("enum") || message.contains("value"));
    }

    private static Schema schema() throws IOException {
        try (InputStream schema = TraceFile.class.getResourceAsStream("trace.schema.json")) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(new String(schema.readAllBytes(), StandardCharsets.UTF_8), InputFormat.JSON);
        }
    }

    @Test
    void shouldHideSecretsUnlessItIsToldNotTo() throws IOException {
        Trace trace =
                Spans.trace(Spans.process(1, "curl", "https://user:pass@host/").build());

        TraceFile.write(trace, file);

        assertThat(TraceFile.read(file).trace().root().arguments()).containsExactly("curl", "https://***@host/");
    }

    @Test
    void shouldReadWhatWasWrittenWhileTheTraceGrew() throws IOException {
        Trace trace = inOrder(SampleTraces.failedBuild());
        StringBuilder out = new StringBuilder();
        Labels labels = new Labels("nightly", Map.of("team", "infra"));
        TraceListener listener = JsonLines.to(out, labels, Redactor.none());
        List<ProcessSpan> ended = new ArrayList<>(trace.processes());
        ended.removeIf(ProcessSpan::running);
        Collections.reverse(ended);
        ended.forEach(listener::processEnded);
        listener.traceClosed(trace);
        Files.writeString(file, out);

        TraceFile read = TraceFile.read(file);

        assertThat(read.trace()).isEqualTo(trace);
        assertThat(read.labels()).isEqualTo(labels);
        read.write(file);
        assertThat(TraceFile.read(file).labels()).isEqualTo(labels);
    }

    private static Trace inOrder(Trace trace) {
        return trace.toBuilder()
                .processes(trace.processes().stream()
                        .sorted(Comparator.comparing(Span::startTime))
                        .toList())
                .connections(trace.connections().stream()
                        .sorted(Comparator.comparing(Span::startTime))
                        .toList())
                .build();
    }

    @Test
    void shouldKeepFieldsAndLinesOfLaterVersions() throws IOException {
        TraceFile.write(SampleTraces.failedBuild(), file);
        String extra = ",\"later\":{\"a\":[1,2.50,1e400,true,null,\"\\ud800\"]}}";
        String later = Files.readString(file)
                .replaceAll("(?m)}$", extra.replace("\\", "\\\\"))
                .replaceAll(
                        "\"filename_truncated\":false", "\"filename_truncated\":false,\"inode\":12345678901234567890")
                .replaceAll("\"origin\":\"dns\"", "\"origin\":\"dns\",\"ttl\":60")
                .replaceFirst("\n\\{\"type\":\"trace\"", "\n{\"type\":\"udp\",\"port\":53}\n{\"type\":\"trace\"");
        Files.writeString(file, later);

        TraceFile.read(file).write(file);

        String again = Files.readString(file);
        for (String part : List.of(extra, "12345678901234567890", "\"ttl\":60", "\n{\"type\":\"udp\",\"port\":53}\n")) {
            assertThat(count(again, part))
                    .as(part)
                    .isEqualTo(count(later, part))
                    .isPositive();
        }
        TraceFile.read(file).write(file);
        assertThat(Files.readString(file)).isEqualTo(again);
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }

    @Test
    void shouldKeepTheZoneOfAnotherMachine() throws IOException {
        Inet6Address address = (Inet6Address) Inet6Address.getByName("fe80::1");
        TraceFile.write(
                Spans.trace(Spans.connection(2, null)
                        .ends(new InetSocketAddress(address, 1), new InetSocketAddress(address, 2))
                        .build()),
                file);
        Files.writeString(file, Files.readString(file).replace("fe80::1", "fe80::1%nowhere0"));

        TraceFile read = TraceFile.read(file);

        assertThat(read.trace().toString()).contains("[fe80::1%nowhere0]:2");
        read.write(file);
        assertThat(Files.readString(file)).contains("\"src_ip\":\"fe80::1%nowhere0\"");
    }

    @Test
    void shouldReadAFileUpToWhereItWasCutOff() throws IOException {
        TraceFile.write(SampleTraces.failedBuild(), file);
        byte[] whole = Files.readAllBytes(file);
        int header = Files.readAllLines(file).get(0).length() + 1;
        Random random = new Random(1);
        for (int i = 0; i < 200; i++) {
            int length = header + random.nextInt(whole.length - header - 1);
            Files.write(file, Arrays.copyOf(whole, length));

            Trace trace = TraceFile.read(file).trace();

            assertThat(trace.isComplete()).isFalse();
            assertThat(trace.loss().cut()).isNotNull();
            TraceFile.write(trace, file);
            assertThat(TraceFile.read(file).trace()).isEqualTo(trace);
        }
        Files.write(file, Arrays.copyOf(whole, whole.length - 10));
        assertThat(TraceFile.read(file).trace().toString())
                .contains("LOST: the end of the trace (line "
                        + Files.readAllLines(file).size() + " is cut off)");
    }

    @Test
    void shouldTellOfMissingLines() throws IOException {
        TraceFile.write(SampleTraces.failedBuild(), file);
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.remove(2);
        Files.write(file, lines);

        Trace trace = TraceFile.read(file).trace();

        assertThat(trace.loss().cut()).matches("it has (\\d+) of \\d+ processes, (\\d+) of \\2 connections, 0 of 0 .*");
        assertThat(trace.loss().none()).isFalse();
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
