package io.schedtrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.model.SpanId;
import io.schedtrace.model.TraceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void shouldReadEveryOption() {
        Options options = parse(
                "--trace-id",
                "0123456789abcdef0123456789abcdef",
                "--parent-id=00f067aa0ba902b7",
                "--format",
                "json",
                "-o",
                "spans.json",
                "--dns",
                "--getaddrinfo",
                "--quiet",
                "--ring-size",
                "65536",
                "--",
                "make",
                "-j4");
        assertThat(options.traceId()).isEqualTo(TraceId.parse("0123456789abcdef0123456789abcdef"));
        assertThat(options.parentId()).isEqualTo(SpanId.parse("00f067aa0ba902b7"));
        assertThat(options.format().name()).isEqualTo("json");
        assertThat(options.output()).isEqualTo(Path.of("spans.json"));
        assertThat(options.dns()).isTrue();
        assertThat(options.getaddrinfo()).isTrue();
        assertThat(options.quiet()).isTrue();
        assertThat(options.ringSize()).isEqualTo(65536);
        assertThat(options.command()).containsExactly("make", "-j4");
    }

    @Test
    void shouldHaveDefaults() {
        Options options = parse("--", "true");
        assertThat(options.traceId()).isNull();
        assertThat(options.parentId()).isNull();
        assertThat(options.format().name()).isEqualTo("text");
        assertThat(options.output()).isNull();
        assertThat(options.dns()).isFalse();
        assertThat(options.getaddrinfo()).isFalse();
        assertThat(options.quiet()).isFalse();
        assertThat(options.ringSize()).isNull();
    }

    @Test
    void shouldLeaveEverythingBehindTheCommandToIt() {
        assertThat(parse("sh", "--format", "-o", "--", "--help", "@file", "").command())
                .containsExactly("sh", "--format", "-o", "--", "--help", "@file", "");
        assertThat(parse("--format=tree", "ls", "-V").command()).containsExactly("ls", "-V");
        assertThat(parse("--", "--help").command()).containsExactly("--help");
        assertThat(parse("--", "--", "x").command()).containsExactly("--", "x");
        assertThat(parse("@file", "'quoted'", "\"a b\"", "a,b", "${sys:user.name}")
                        .command())
                .containsExactly("@file", "'quoted'", "\"a b\"", "a,b", "${sys:user.name}");
    }

    @Test
    void shouldReadSimpleOptionsAsTheParserDoes() {
        for (String line : List.of("-- x", "-q -o f -- x", "--output f --format tree --no-redact --quiet -- x")) {
            Options simple = Options.ofSimple(line.split(" "));
            Options parsed = parse(line.split(" "));
            assertThat(simple).isNotNull();
            assertThat(simple.command()).isEqualTo(parsed.command());
            assertThat(simple.quiet()).isEqualTo(parsed.quiet());
            assertThat(simple.output()).isEqualTo(parsed.output());
            assertThat(simple.format().name()).isEqualTo(parsed.format().name());
            assertThat(simple.trace().redactor()).hasSameClassAs(parsed.trace().redactor());
        }
        for (String line : List.of("", "--", "-o", "-o --", "--format xml -- x", "--dns -- x", "-a k=v -- x")) {
            assertThat(Options.ofSimple(line.split(" "))).as(line).isNull();
        }
    }

    @Test
    void shouldHaveTheSynopsisOfTheReadme() throws IOException {
        String readme = Files.readString(Path.of(System.getProperty("basedir", "."), "../README.md"));
        int start = readme.indexOf("```text\nsched-trace ") + "```text\n".length();
        String[] documented =
                readme.substring(start, readme.indexOf("```", start)).trim().split("\\s+");
        String help = Options.parser(new Options()).getHelp().synopsis(0);
        assertThat(documented).containsExactly(help.trim().split("\\s+"));
    }

    private static Options parse(String... args) {
        Options options = new Options();
        Options.parser(options).parseArgs(args);
        return options;
    }
}
