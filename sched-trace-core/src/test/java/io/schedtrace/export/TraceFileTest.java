package io.schedtrace.export;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.io.IOException;
import java.io.InputStream;
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
}
