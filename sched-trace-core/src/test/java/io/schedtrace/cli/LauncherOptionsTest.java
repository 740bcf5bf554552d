package io.schedtrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The launcher finds the command behind the options that the JVM reads. */
class LauncherOptionsTest {
    private static final Path SOURCE =
            Path.of(System.getProperty("basedir", "."), "../sched-trace-native/src/main/c/launch_options.c");
    private static final Pattern OPTION = Pattern.compile("\\{ \"(--[a-z-]+)\", (0|'(.)'), (true|false), ");
    private static final Pattern SUBCOMMANDS = Pattern.compile("subcommands\\[] = \\{(.*?)}", Pattern.DOTALL);

    private final CommandSpec spec = Options.parser(new Options()).getCommandSpec();

    @Test
    void shouldKnowEveryOption() throws IOException {
        Stream<List<Object>> known = OPTION.matcher(Files.readString(SOURCE))
                .results()
                .map(option -> List.of(
                        option.group(1),
                        option.group(3) == null ? "" : option.group(3),
                        Boolean.valueOf(option.group(4))));
        assertThat(known)
                .containsExactlyInAnyOrderElementsOf(spec.options().stream()
                        .map(LauncherOptionsTest::described)
                        .toList());
    }

    private static List<Object> described(OptionSpec option) {
        String letter = Arrays.stream(option.names())
                .filter(name -> name.length() == 2)
                .map(name -> name.substring(1))
                .findFirst()
                .orElse("");
        return List.of(option.longestName(), letter, option.arity().max() > 0);
    }

    @Test
    void shouldKnowEverySubcommand() throws IOException {
        String list = SUBCOMMANDS
                .matcher(Files.readString(SOURCE))
                .results()
                .map(found -> found.group(1))
                .findFirst()
                .orElseThrow();
        assertThat(list.replaceAll("[\\s\"]", "").split(","))
                .containsExactlyInAnyOrderElementsOf(spec.subcommands().keySet());
    }
}
