package io.schedtrace.model;

import static io.schedtrace.lab.Spans.START;
import static io.schedtrace.lab.Spans.process;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.internal.text.ShellWord;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CommandLineTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "plain-word_1.2, plain-word_1.2",
                "http://host:80/path, http://host:80/path",
                "a b, 'a b'",
                "$HOME, '$HOME'",
                "a;b, 'a;b'",
                "``, ''",
                "it's, $'it\\'s'",
                "grüße, grüße",
                "http://user:secret@host/, 'http://***@host/'",
                "jdbc:postgresql://u:p@ss@db:5432/x?a=b@c, 'jdbc:postgresql://***@db:5432/x?a=b@c'",
                "postgres://app:s3/cr3t@db/x, 'postgres://***@db/x'",
                "redis://:p#ss@cache, 'redis://***@cache'",
                "http://u:a?b@h/, 'http://***@h/'",
                "http://registry:4873/@types/node, http://registry:4873/@types/node",
                "http://h:80?to=a@b, 'http://h:80?to=a@b'",
                "http://h/a:b@c, http://h/a:b@c",
                "mail@host, mail@host",
                "http://host/@at, http://host/@at",
            })
    void shouldQuoteForAShellAndMaskPasswords(String argument, String shown) {
        assertThat(process(1, "x", argument).build().commandLine().arguments()).isEqualTo(" " + shown);
    }

    @Test
    void shouldEscapeControlCharactersAndBytes() {
        assertThat(ShellWord.of("a\n\033\udcff")).isEqualTo("$'a\\n\\x1b\\xff'");
    }

    @ParameterizedTest
    @MethodSource("io.schedtrace.lab.HostileStrings#all")
    void shouldShortenAnyArgument(String hostile) {
        assertThat(ShellWord.of(hostile)).hasSizeLessThan(200);
    }

    @Test
    void shouldCutALongArgumentInItsMiddleBetweenCharacters() {
        assertThat(ShellWord.of("/start/" + "x".repeat(200) + "/end.jar"))
                .startsWith("'/start/x")
                .endsWith("x/end.jar'")
                .contains("x…x")
                .hasSize(75);
        assertThat(ShellWord.of("a" + "\ud83d\ude00".repeat(100))).matches("'a(\ud83d\ude00)+…(\ud83d\ude00)+'");
        assertThat(ShellWord.of("\ud83d\ude00".repeat(100))).matches("'(\ud83d\ude00)+…(\ud83d\ude00)+'");
    }

    @Test
    void shouldCountArgumentsThatDoNotFit() {
        String[] command = Collections.nCopies(30, "-Wsomething").toArray(new String[0]);
        assertThat(process(1, command).build().commandLine().arguments())
                .isEqualTo(" -Wsomething".repeat(10) + " … +19");
    }

    @Test
    void shouldMarkArgumentsThatAreNotWhole() {
        assertThat(process(1, "x", "y").truncated().build().commandLine().arguments())
                .isEqualTo(" y …");
    }

    @Test
    void shouldShowAScriptWithoutItsInterpreter() {
        Exec script = Exec.builder()
                .time(START)
                .exe("/usr/bin/dash")
                .filename("./build.sh")
                .arguments(List.of("/bin/sh", "-e", "./build.sh", "all"))
                .build();
        var process =
                process(1, "/bin/sh", "-e", "./build.sh", "all").execs(script).build();
        assertThat(process.commandLine().toString()).isEqualTo("build.sh all");
    }

    @Test
    void shouldShowNoArgumentsForAFork() {
        var process = process(1, "sh", "-c", "x").forked().build();
        assertThat(process.commandLine().toString()).isEqualTo("sh (fork)");
    }

    @Test
    void shouldQuoteANameWithBlanks() {
        Exec exec = Exec.builder()
                .time(START)
                .exe("/opt/my tool")
                .arguments(List.of("my tool"))
                .build();
        assertThat(process(1, "x").execs(exec).build().commandLine().name()).isEqualTo("'my tool'");
    }

    @Test
    void shouldBearAnEmptyArgumentList() {
        Exec exec =
                Exec.builder().time(START).exe("/bin/x").arguments(List.of()).build();
        assertThat(process(1, "x").execs(exec).build().commandLine().arguments())
                .isEmpty();
    }
}
