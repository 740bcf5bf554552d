package io.schedtrace.cli;

import io.schedtrace.export.TraceFormat;
import io.schedtrace.export.TraceFormats;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TraceId;
import io.schedtrace.model.Via;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command line of {@code sched-trace}. */
@Command(
        name = "sched-trace",
        customSynopsis = "sched-trace [--trace-id HEX32] [--parent-id HEX16]%n"
                + "            [--format NAME] [-o FILE] [--quiet]%n"
                + "            [-a KEY=VALUE]... [--name NAME] [--user NAME|--root]%n"
                + "            [--dns] [--getaddrinfo] [--otlp|--otlp-args] [--no-redact]%n"
                + "            [--ring-size BYTES] [--via WAY]%n"
                + "            -- COMMAND [ARG...]%n"
                + "       sched-trace show FILE [OPTION...]%n"
                + "       sched-trace summary FILE [OPTION...]%n"
                + "       sched-trace compare BEFORE AFTER [OPTION...]%n"
                + "       sched-trace setup [--daemon] [--undo]%n"
                + "       sched-trace daemon%n"
                + "       sched-trace doctor",
        description = {
            "%nRuns COMMAND and writes every process of its tree and each of their TCP connections as a span.%n",
            "COMMAND runs with everything that sched-trace was given: descriptors, signals, limits, terminal and"
                    + " environment, with TRACEPARENT added. Signals are passed on to it. Under sudo it runs as the user who"
                    + " has called sudo. A descendant that outlives COMMAND by more than a quarter of a"
                    + " second is written as still running, and continues untraced.%n",
            "Options:"
        },
        commandListHeading = "%nOther commands; put -- before a COMMAND of such a name:%n",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "N:the exit status of COMMAND; if a signal ended it, sched-trace ends by the same signal",
            "2:the options are wrong; nothing was started",
            "125:tracing is not available here; nothing was started",
            "126:COMMAND cannot be run",
            "127:COMMAND was not found"
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class Options {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--trace-id",
            paramLabel = "HEX32",
            converter = OptionReaders.TraceIdReader.class,
            description = "The trace id, 32 hexadecimal digits. Default: the one in the environment variable"
                    + " TRACEPARENT (W3C Trace Context) if that is set, else a new one.")
    private @Nullable TraceId traceId;

    @Option(
            names = "--parent-id",
            paramLabel = "HEX16",
            converter = OptionReaders.SpanIdReader.class,
            description =
                    "The span id of the parent of COMMAND, 16 hexadecimal digits. Default, without --trace-id: the"
                            + " one in TRACEPARENT.")
    private @Nullable SpanId parentId;

    @Option(
            names = "--format",
            paramLabel = "NAME",
            converter = OptionReaders.FormatReader.class,
            description = {
                "tree: the whole tree as text, at the end; the default on a terminal.",
                "text: one line of key=value pairs for each span when it ends; the default elsewhere.",
                "json: one JSON object for each span when it ends, each on its own line. show, summary and compare read it.",
                "html: a report in one HTML file, at the end; needs -o.",
                "perfetto: a trace for ui.perfetto.dev, at the end; needs -o.",
                "A library on the class path may add further formats."
            })
    private @Nullable TraceFormat format;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write the spans to FILE, which is overwritten, instead of stderr; - is stdout.")
    private @Nullable Path output;

    @Option(
            names = "--dns",
            description =
                    "Learn host names also from the DNS answers that COMMAND reads, not only from its environment,"
                            + " its arguments and hosts files.")
    private boolean dns;

    @Option(
            names = "--getaddrinfo",
            description =
                    "Learn host names also from the results of getaddrinfo(3): names as COMMAND wrote them, and those"
                            + " of systemd-resolved, nscd or mDNS. Delays the start of each program of the machine by some"
                            + " 16 us.")
    private boolean getaddrinfo;

    @Option(
            names = {"-q", "--quiet"},
            description = {
                "Show no status line. It counts processes, connections and losses while COMMAND runs, if stderr is a"
                        + " terminal and no spans are written there meanwhile."
            })
    private boolean quiet;

    @Option(
            names = "--ring-size",
            paramLabel = "BYTES",
            converter = OptionReaders.RingSizeReader.class,
            description = "The size of the ring buffer, a power of two. The default is rarely too small.")
    private @Nullable Integer ringSize;

    @Option(
            names = "--via",
            paramLabel = "WAY",
            converter = OptionReaders.ViaReader.class,
            description = "Force a way to trace, one of those that sched-trace doctor lists.")
    private @Nullable Via via;

    @Mixin
    private final TraceOptions trace = new TraceOptions();

    @Parameters(hidden = true, paramLabel = "COMMAND", arity = "0..*")
    private List<String> command = List.of();

    /**
     * Creates a parser for {@code options}. Everything from the first word that is not an option, or after {@code --},
     * belongs to the command, even if it looks like an option.
     */
    static CommandLine parser(Options options) {
        CommandLine parser = new CommandLine(options)
                .addSubcommand(new Show())
                .addSubcommand(new Summary())
                .addSubcommand(new Compare())
                .addSubcommand(new Setup())
                .addSubcommand(new RunDaemon())
                .addSubcommand(new Doctor())
                .setStopAtPositional(true)
                .setExpandAtFiles(false)
                .setAllowOptionsAsOptionParameters(false)
                .setUsageHelpAutoWidth(true);
        parser.getSubcommands().values().forEach(command -> command.setStopAtPositional(false));
        return parser;
    }

    /**
     * Reads the options that most runs have, without picocli, whose classes take a third of the time until the JVM is
     * ready.
     *
     * @return null if there are others, or if one has no value: the parser then reads them all
     */
    static @Nullable Options ofSimple(String[] args) {
        Options options = new Options();
        String name = null;
        int i = 0;
        while (i < args.length && !args[i].equals("--")) {
            String value = i + 1 < args.length ? args[i + 1] : "";
            switch (args[i]) {
                case "-q", "--quiet" -> options.quiet = true;
                case "--no-redact" -> options.trace.doNotRedact();
                case "-o", "--output" -> options.output = Path.of(value);
                case "--format" -> name = value;
                default -> {
                    return null;
                }
            }
            i += args[i].equals("-o") || args[i].equals("--output") || args[i].equals("--format") ? 2 : 1;
        }
        if (i + 1 >= args.length
                || (name != null && !List.of("text", "json", "tree").contains(name))) {
            return null;
        }
        options.format = name == null ? null : TraceFormats.find(name);
        options.command = List.of(args).subList(i + 1, args.length);
        return options;
    }

    /** The trace id; null if not given. */
    @Nullable
    TraceId traceId() {
        return traceId;
    }

    /** The span id of the parent; null if not given. */
    @Nullable
    SpanId parentId() {
        return parentId;
    }

    /** The output format: by default the tree on a terminal, else text. */
    TraceFormat format() {
        if (format == null) {
            format = TraceFormats.find(SpanOutput.isTerminal(output) ? "tree" : "text");
        }
        return format;
    }

    /** The output file; null for stderr. */
    @Nullable
    Path output() {
        return output;
    }

    /** Whether DNS answers are recorded. */
    boolean dns() {
        return dns;
    }

    /** Whether results of getaddrinfo(3) are recorded. */
    boolean getaddrinfo() {
        return getaddrinfo;
    }

    /** Whether the status line is turned off. */
    boolean quiet() {
        return quiet;
    }

    /** The size of the ring buffer in bytes; null for the default. */
    @Nullable
    Integer ringSize() {
        return ringSize;
    }

    /** The forced way to trace; null for the first that works. */
    @Nullable
    Via via() {
        return via;
    }

    /** The other options. */
    TraceOptions trace() {
        return trace;
    }

    /** The command and its arguments; empty if there is none. */
    List<String> command() {
        return command;
    }

    /** Creates the exception for a mistake in the options. */
    ParameterException wrong(String message) {
        return new ParameterException(spec == null ? parser(this) : spec.commandLine(), message);
    }
}
