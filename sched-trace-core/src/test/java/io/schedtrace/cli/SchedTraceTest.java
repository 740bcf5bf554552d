package io.schedtrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.export.SlowestFormat;
import io.schedtrace.export.TraceFormat;
import io.schedtrace.lab.Providers;
import io.schedtrace.model.Labels;
import io.schedtrace.model.Redactor;
import io.schedtrace.model.TraceListener;
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

/** The command without a kernel. After a mistake in the options nothing is started. */
class SchedTraceTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    private Path mark;

    @BeforeEach
    void nameTheMarkOfTheCommand() {
        mark = directory.resolve("started");
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void shouldRefuseMistakesInOneSentence(String complaint, String[] options) throws Exception {
        String[] args = Stream.concat(Stream.of(options), Stream.of("--", "touch", mark.toString()))
                .toArray(String[]::new);

        assertThat(run(args)).isEqualTo(2);

        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("sched-trace: ")
                .contains(complaint);
        assertThat(mark).doesNotExist();
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake("32 hexadecimal digits, not 3", "--trace-id", "abc"),
                mistake("'--trace-id'", "--trace-id", "0123456789abcdef0123456789abcdeg"),
                mistake("all zeros", "--trace-id", "0".repeat(32)),
                mistake("16 hexadecimal digits, not 32", "--parent-id", "0".repeat(32)),
                mistake("all zeros", "--parent-id", "0".repeat(16)),
                mistake("text, json, tree, html or perfetto, not \"xml\"", "--format", "xml"),
                mistake("text, json, tree, html or perfetto, not \"JSON\"", "--format", "JSON"),
                mistake("name its file with -o FILE", "--format", "html"),
                mistake("name its file with -o FILE", "--format=perfetto"),
                mistake("power of two", "--ring-size", "5000"),
                mistake("power of two", "--ring-size", "2048"),
                mistake("power of two", "--ring-size", "0"),
                mistake("power of two", "--ring-size=-4096"),
                mistake("number of bytes", "--ring-size", "8M"),
                mistake("number of bytes", "--ring-size", "99999999999"),
                mistake("not yet what this command starts", "--via", "ptrace"),
                mistake("is not a way to trace", "--via", "strace"),
                mistake("/nonexistent/spans", "-o", "/nonexistent/spans"),
                mistake("cannot write", "-o", "/"),
                mistake("cannot write", "-o", ""),
                mistake("put -- before a command that begins with a dash", "--no-such-option"),
                mistake("Unknown option", "-x"),
                mistake("should be specified only once", "--format", "json", "--format", "text"),
                mistake("KEY=VALUE", "-a", "team"),
                mistake("letters, digits", "-a", "my team=infra"),
                mistake("letters, digits", "-a", "=infra"),
                mistake("--output", "-o"));
    }

    /** A format whose library is missing. */
    public static final class Incomplete implements TraceFormat {
        @Override
        public String name() {
            return "incomplete";
        }

        @Override
        public TraceListener listener(Appendable out, Labels labels, Redactor redactor, boolean colours) {
            throw new NoClassDefFoundError("Library");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "xml | a format is text, json, tree, html, perfetto, slowest or incomplete, not \"xml\"",
                "incomplete | --format incomplete cannot be used here: java.lang.NoClassDefFoundError: Library",
            })
    void shouldRefuseAFormatThatCannotBeUsed(String name, String complaint) throws Exception {
        Providers.register(directory, TraceFormat.class, SlowestFormat.class.getName(), Incomplete.class.getName());
        Providers.with(directory, () -> shouldRefuseMistakesInOneSentence(complaint, new String[] {"--format", name}));
    }

    private static Arguments mistake(String complaint, String... options) {
        return Arguments.of(complaint, options);
    }

    @Test
    void shouldAskForACommand() throws Exception {
        assertThat(run("--format", "json")).isEqualTo(2);
        assertThat(err.toString()).contains("there is no command").contains("sched-trace -- COMMAND");
        assertThat(run("--")).isEqualTo(2);
        assertThat(run()).isEqualTo(2);
    }

    @Test
    void shouldNotTouchTheFileWhenTheCommandIsMissing() throws Exception {
        Path spans = directory.resolve("spans");
        Files.writeString(spans, "precious");
        assertThat(run("-o", spans.toString())).isEqualTo(2);
        assertThat(spans).hasContent("precious");
    }

    @Test
    void shouldHelp() throws Exception {
        assertThat(run("--help")).isZero();
        assertThat(out.toString())
                .contains("-- COMMAND [ARG...]")
                .contains("--trace-id", "--parent-id", "--format", "--output", "--dns", "--ring-size")
                .contains("--otlp", "--attribute", "--name", "--user")
                .contains("125", "126", "127");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void shouldTellItsVersion() throws Exception {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).startsWith("sched-trace ").contains("Java " + System.getProperty("java.version"));
    }

    private int run(String... args) throws Exception {
        return SchedTrace.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }
}
