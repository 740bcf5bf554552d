package io.schedtrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.export.TraceFile;
import io.schedtrace.lab.SampleTraces;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Redactor;
import io.schedtrace.model.Trace;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The commands that read saved traces. */
class SavedTracesTest {
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    private Path file;
    private Path output;

    @BeforeEach
    void saveATrace() throws IOException {
        file = directory.resolve("build.trace");
        output = directory.resolve("output");
        TraceFile.write(SampleTraces.failedBuild(), file, Redactor.none());
    }

    private int run(String... args) throws Exception {
        return SchedTrace.run(new PrintWriter(err, true), new PrintWriter(err, true), args);
    }

    private String show(String... options) throws Exception {
        String[] args = Stream.concat(Stream.of("show", file.toString(), "-o", output.toString()), Stream.of(options))
                .toArray(String[]::new);
        assertThat(run(args)).as(err.toString()).isZero();
        return Files.readString(output);
    }

    @Test
    void shouldShowTheTree() throws Exception {
        assertThat(show()).startsWith("make -j2 integration-test  [4001]").contains("https://***@mirror");
        assertThat(show("--no-redact")).contains("https://user:secret@mirror");
    }

    @Test
    void shouldShowOtherFormats() throws Exception {
        assertThat(show("--format", "text")).startsWith("type=process pid=4001");
        assertThat(show("--format", "html")).startsWith("<!doctype html>");
        assertThat(show("--format", "perfetto")).startsWith("{");
        show("--format", "json", "--no-redact");
        Trace again = TraceFile.read(output).trace();
        assertThat(again.processes())
                .containsExactlyInAnyOrderElementsOf(SampleTraces.failedBuild().processes());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        --program nc                            | nc nc
        --program nc --status failed            | nc
        --program nc --program curl             | nc nc curl
        --program /usr/bin/make                 | make
        --status SIGKILL                        | python3
        --status 28                             | curl
        --status running                        | collector
        --longer-than 1.5s                      | make redis-server sh
        --peer mirror.example.org               | curl
        --peer *.example.com --status SIGKILL   | python3
        --to 130ms                              | make redis-server sh
        --from 1.8s                             | make collector
        --status ok --longer-than 1s            | redis-server
        """)
    void shouldSelectProcesses(String options, String expected) throws Exception {
        String[] all = Stream.concat(
                        Stream.of("--format", "json"), Stream.of(options.strip().split(" ")))
                .toArray(String[]::new);
        show(all);
        assertThat(TraceFile.read(output).trace().processes())
                .extracting(ProcessSpan::name)
                .containsExactly(expected.strip().split(" "));
    }

    @Test
    void shouldSummarise() throws Exception {
        assertThat(run("summary", "-o", output.toString(), file.toString())).isZero();
        assertThat(output).content().startsWith("12 processes, ").contains("\nslowest\n");
        assertThat(run("summary", "--format", "markdown", "-o", output.toString(), file.toString()))
                .isZero();
        assertThat(output).content().startsWith("### Failed processes");
        assertThat(run("summary", "--format", "github", "-o", output.toString(), file.toString()))
                .isZero();
        assertThat(output).content().startsWith("::error title=make");
    }

    @Test
    void shouldCompare() throws Exception {
        Path other = directory.resolve("other.trace");
        Files.writeString(other, Files.readString(file).replace("\"-z\"", "\"-w\""));

        assertThat(run("compare", file.toString(), file.toString(), "-o", output.toString()))
                .isZero();
        assertThat(output).hasContent("no differences");
        assertThat(run("compare", file.toString(), other.toString(), "-o", output.toString()))
                .isOne();
        assertThat(output).content().contains("-       nc -z redis 6379").contains("+       nc -w redis 6379");
        assertThat(run("compare", "--format=json", file.toString(), other.toString(), "-o", output.toString()))
                .isOne();
        assertThat(output).content().startsWith("{\"changes\":[");
        assertThat(run("compare", "--format=html", file.toString(), other.toString(), "-o", output.toString()))
                .isOne();
        assertThat(output).content().startsWith("<!doctype html>");
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void shouldRefuseMistakesInOneSentence(String complaint, String args) throws Exception {
        Files.writeString(directory.resolve("other"), "#!/bin/sh\n");
        Files.writeString(
                directory.resolve("later"), Files.readString(file).replaceFirst("\"version\":1", "\"version\":2"));

        assertThat(run(args.replace("DIR", directory.toString()).split(" "))).isEqualTo(2);

        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("sched-trace: ")
                .contains(complaint);
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of("DIR/missing: there is no such file".substring(3), "show DIR/missing"),
                Arguments.of("other: line 1: this is not a saved trace", "show DIR/other"),
                Arguments.of("other: line 1: this is not a saved trace", "compare DIR/build.trace DIR/other"),
                Arguments.of("it cannot be read: Is a directory", "summary DIR"),
                Arguments.of("read it with a later one", "summary DIR/later"),
                Arguments.of("see sched-trace show --help", "show DIR/build.trace --color red"),
                Arguments.of("a status is ok, failed, running", "show DIR/build.trace --status bad"),
                Arguments.of("a time is a number with us, ms", "show DIR/build.trace --longer-than 5"),
                Arguments.of("is not a pattern", "show DIR/build.trace --peer a:b:c"),
                Arguments.of("is not a pattern", "show DIR/build.trace --program bin/x"),
                Arguments.of("a format is text, json", "show DIR/build.trace --format xml"),
                Arguments.of("name its file with -o FILE", "show DIR/build.trace --format html"),
                Arguments.of(
                        "the formats are text, json and html", "compare DIR/build.trace DIR/build.trace --format tree"),
                Arguments.of("the formats are text, markdown and github", "summary DIR/build.trace --format html"),
                Arguments.of("Missing required parameter: 'AFTER'", "compare DIR/build.trace"),
                Arguments.of("cannot write /nonexistent", "summary DIR/build.trace -o /nonexistent/x"));
    }
}
