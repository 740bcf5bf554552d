import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/**
 * Writes the manual pages of the {@code sched-trace} command in AsciiDoc, and its completions for bash, zsh and fish:
 * {@code java CommandFiles.java DIRECTORY}.
 */
final class CommandFiles {
    private static final String NAME = "sched-trace";

    /** Behind -- bash-completion completes COMMAND and its arguments. */
    private static final String AFTER_DASHES_IN_BASH = """

            _sched_trace() {
              local i
              for ((i = 1; i < COMP_CWORD; i++)); do
                if [[ ${COMP_WORDS[i]} == -- ]] && declare -F _command_offset >/dev/null; then
                  _command_offset $((i + 1))
                  return
                fi
              done
              _complete_sched-trace "$@"
            }
            complete -F _sched_trace -o default sched-trace
            """;

    private static final String AFTER_DASHES_IN_ZSH = """
            #compdef sched-trace
            if (( ${words[(i)--]} < CURRENT )); then
              (( CURRENT -= ${words[(i)--]} ))
              shift ${words[(i)--]} words
              _normal
              return
            fi
            """;

    private static final String CALL_IN_ZSH = "\n_bash_complete -o default -F _complete_sched-trace\n";

    private CommandFiles() {}

    public static void main(String[] args) throws ReflectiveOperationException, IOException {
        Path directory = Path.of(args[0]);
        CommandLine command = command();
        Path completions = Files.createDirectories(directory.resolve("completions"));
        String bash = bash(command);
        Files.writeString(completions.resolve(NAME + ".bash"), bash + AFTER_DASHES_IN_BASH);
        Files.writeString(completions.resolve("_" + NAME), AFTER_DASHES_IN_ZSH + forZsh(bash) + CALL_IN_ZSH);
        Files.writeString(completions.resolve(NAME + ".fish"), fish(command));
        manual(command, Files.createDirectories(directory.resolve("adoc")));
    }

    /** Returns the parser of the command. Its class is no interface, so that it is found by reflection. */
    private static CommandLine command() throws ReflectiveOperationException {
        Class<?> options = Class.forName("io.schedtrace.cli.Options");
        Constructor<?> constructor = options.getDeclaredConstructor();
        constructor.setAccessible(true);
        Method parser = options.getDeclaredMethod("parser", options);
        parser.setAccessible(true);
        return (CommandLine) parser.invoke(null, constructor.newInstance());
    }

    /** Returns the completion that picocli generates, without the line that holds the date. */
    private static String bash(CommandLine command) {
        return AutoComplete.bash(NAME, command).replaceAll("(?m)^# (Date|Version|Generated).*\n", "");
    }

    /** Makes compopt, which zsh lacks, a function: an alias has no effect on the file that defines it. */
    private static String forZsh(String bash) {
        return bash.replace("alias compopt=complete", "compopt() { :; }");
    }

    /** Writes a page for the command, and one for each of the others. */
    private static void manual(CommandLine command, Path directory) throws IOException {
        prepare(command.getCommandSpec());
        command.getSubcommands().values().forEach(other -> prepare(other.getCommandSpec()));
        if (ManPageGenerator.generateManPage(directory.toFile(), null, new boolean[0], false, command.getCommandSpec())
                != 0) {
            throw new IOException("picocli has written no manual pages");
        }
        try (DirectoryStream<Path> pages = Files.newDirectoryStream(directory)) {
            for (Path page : pages) {
                Files.writeString(page, corrected(Files.readString(page)));
            }
        }
    }

    /** Gives a command a header, which becomes the line of whatis(1), and takes the layout out of its description. */
    private static void prepare(CommandSpec spec) {
        UsageMessageSpec usage = spec.usageMessage();
        usage.header(summary(spec));
        usage.description(Stream.of(usage.description())
                .map(line -> line.replaceAll("^(%n)+|(%n)+$", ""))
                .filter(line -> !line.equals("Options:"))
                .map(line -> line + "%n")
                .toArray(String[]::new));
        usage.exitCodeListHeading("Exit status%n");
    }

    /** Makes a literal block of a synopsis that is written by hand, and references of links between files. */
    private static String corrected(String page) {
        return page.replace("\n       sched-trace ", "\nsched-trace ")
                .replaceFirst("(?s)(== Synopsis\n\n)(sched-trace .*?)\n\n", "$1....\n$2\n....\n\n")
                .replaceAll("xref:(sched-trace-\\w+)\\.adoc\\[.*?]", "*$1*(1)");
    }

    /** Returns a completion for fish: options and other commands up to {@code --}, then what fish knows of COMMAND. */
    private static String fish(CommandLine command) {
        Set<String> others = new TreeSet<>(command.getSubcommands().keySet());
        String seen = "__fish_seen_subcommand_from " + String.join(" ", others);
        StringBuilder script = new StringBuilder("""
                function __sched_trace_traces; contains -- -- (commandline -opc); end
                complete -c sched-trace -n __sched_trace_traces -x -a '(__fish_complete_subcommand)'
                """);
        String own = "not __sched_trace_traces; and not " + seen;
        options(script, own, command.getCommandSpec());
        for (String other : others) {
            CommandSpec spec = command.getSubcommands().get(other).getCommandSpec();
            script.append("complete -c sched-trace -n '%s' -a %s -d %s\n".formatted(own, other, quoted(summary(spec))));
            options(script, "not __sched_trace_traces; and __fish_seen_subcommand_from " + other, spec);
        }
        return script.toString();
    }

    private static void options(StringBuilder script, String condition, CommandSpec spec) {
        for (OptionSpec option : spec.options()) {
            script.append("complete -c sched-trace -n '").append(condition).append('\'');
            for (String name : option.names()) {
                script.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
            }
            if (option.arity().max() > 0) {
                script.append(option.type() == Path.class ? " -r -F" : " -x");
            }
            script.append(" -d ").append(quoted(summary(option))).append('\n');
        }
    }

    private static String summary(OptionSpec option) {
        String[] lines = option.description();
        return lines.length == 1 ? firstSentence(lines[0]) : option.paramLabel().toLowerCase(Locale.ROOT);
    }

    private static String summary(CommandSpec spec) {
        return firstSentence(spec.usageMessage().description()[0]);
    }

    /** Returns the first sentence without its full stop and without what picocli's format makes of percent signs. */
    private static String firstSentence(String text) {
        return text.replace("%n", "")
                .replace("%%", "%")
                .split("[.;:]( |$)", 2)[0]
                .strip();
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
