package io.schedtrace.cli;

import io.schedtrace.ProcessTreeTracer;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TraceId;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The command line of {@code sched-trace}. */
@Command(
        name = "sched-trace",
        customSynopsis = "sched-trace [--trace-id HEX32] [--parent-id HEX16]%n"
                + "            [--format text|json|tree|html|perfetto] [-o FILE] [--quiet]%n"
                + "            [-a KEY=VALUE]... [--name NAME] [--user NAME]%n"
                + "            [--dns] [--getaddrinfo] [--otlp|--otlp-args] [--ring-size BYTES]%n"
                + "            -- COMMAND [ARG...]",
        description = {
            "%nRuns COMMAND and writes every process of its tree and each of their TCP connections as a span.%n",
            "The command keeps stdin, stdout and stderr. SIGINT, SIGTERM and SIGHUP go on to it, except those of the"
                    + " terminal, which it gets by itself. A descendant that outlives it by more than a quarter of a"
                    + " second is written as still running, and runs on untraced.%n",
            "Options:"
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "N:that of the command; 128+n if signal n ended it",
            "2:the options are wrong; nothing was started",
            "125:tracing is not available here; nothing was started",
            "126:the command cannot be run",
            "127:the command was not found"
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
            converter = TraceIdReader.class,
            description = "The id of the trace, 32 hexadecimal digits; without it, that of the environment variable"
                    + " TRACEPARENT (as W3C Trace Context has it) if there is one, else a new one.")
    private @Nullable TraceId traceId;

    @Option(
            names = "--parent-id",
            paramLabel = "HEX16",
            converter = SpanIdReader.class,
            description = "The id of the span that the command is a child of, 16 hexadecimal digits; without it and"
                    + " --trace-id, that of TRACEPARENT.")
    private @Nullable SpanId parentId;

    @Option(
            names = "--format",
            paramLabel = "text|json|tree|html|perfetto",
            converter = FormatReader.class,
            description = {
                "text: a line of key=value pairs for each span, at its end (default).",
                "json: an object on a line for each span, at its end, and one for the trace.",
                "tree: a picture of the whole tree, when it is over.",
                "html: a page to look at, in one file, when it is over; with -o.",
                "perfetto: a trace for ui.perfetto.dev, when it is over; with -o."
            })
    private Format format = Format.TEXT;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write the spans to FILE, which is overwritten, and not to stderr; - is stdout.")
    private @Nullable Path output;

    @Option(
            names = "--dns",
            description = "Learn the names of hosts from the DNS answers that the command reads too, not only from its"
                    + " environment, its arguments and hosts files.")
    private boolean dns;

    @Option(
            names = "--getaddrinfo",
            description =
                    "Learn them from its results of getaddrinfo(3) too: names as the command wrote them, and those of"
                            + " systemd-resolved, nscd or mDNS. Makes each program of the machine start some 16 us later.")
    private boolean getaddrinfo;

    @Option(
            names = {"-q", "--quiet"},
            description = {
                "Show no status line. Without this, one counts processes, connections and losses while the command"
                        + " runs, if stderr is a terminal and no spans go there meanwhile."
            })
    private boolean quiet;

    @Option(
            names = "--ring-size",
            paramLabel = "BYTES",
            converter = RingSizeReader.class,
            description = "The size of the kernel's buffer, a power of two; the default suits nearly all.")
    private @Nullable Integer ringSize;

    @Mixin
    private final TraceOptions trace = new TraceOptions();

    @Parameters(hidden = true, paramLabel = "COMMAND", arity = "0..*")
    private List<String> command = List.of();

    /**
     * A parser for {@code options}. What stands after the first word that is no option, or after {@code --}, is the
     * command's, whatever it looks like.
     */
    static CommandLine parser(Options options) {
        return new CommandLine(options)
                .setStopAtPositional(true)
                .setExpandAtFiles(false)
                .setAllowOptionsAsOptionParameters(false)
                .setUsageHelpAutoWidth(true);
    }

    /** The id of the trace; null for a new one. */
    @Nullable
    TraceId traceId() {
        return traceId;
    }

    /** The span above the command; null for none. */
    @Nullable
    SpanId parentId() {
        return parentId;
    }

    /** How spans are written. */
    Format format() {
        return format;
    }

    /** Where spans are written; null for stderr. */
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

    /** Whether there is to be no status line. */
    boolean quiet() {
        return quiet;
    }

    /** The size of the ring buffer in bytes; null for the default. */
    @Nullable
    Integer ringSize() {
        return ringSize;
    }

    /** What is added to the trace, and more. */
    TraceOptions trace() {
        return trace;
    }

    /** The command and its arguments; at least the command. */
    List<String> command() {
        if (command.isEmpty()) {
            throw wrong("there is no command; put it behind the options: sched-trace -- COMMAND [ARG...]");
        }
        return command;
    }

    /** What tells that the options are wrong. */
    ParameterException wrong(String message) {
        if (spec == null) {
            throw new IllegalStateException("not parsed");
        }
        return new ParameterException(spec.commandLine(), message);
    }

    /** Reads {@code --trace-id}. */
    static final class TraceIdReader implements ITypeConverter<TraceId> {
        @Override
        public TraceId convert(String text) {
            return reading(() -> TraceId.parse(text));
        }
    }

    /** Reads {@code --parent-id}. */
    static final class SpanIdReader implements ITypeConverter<SpanId> {
        @Override
        public SpanId convert(String text) {
            return reading(() -> SpanId.parse(text));
        }
    }

    /** Reads {@code --format}. */
    static final class FormatReader implements ITypeConverter<Format> {
        @Override
        public Format convert(String text) {
            for (Format format : Format.values()) {
                if (format.toString().equals(text)) {
                    return format;
                }
            }
            throw new TypeConversionException("a format is text, json, tree, html or perfetto, not \"" + text + '"');
        }
    }

    /** Reads {@code --ring-size}. */
    static final class RingSizeReader implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            int bytes;
            try {
                bytes = Integer.parseInt(text);
            } catch (NumberFormatException e) {
                throw new TypeConversionException(
                        "a ring size is a number of bytes such as 8388608, not \"" + text + '"');
            }
            return reading(() -> {
                ProcessTreeTracer.builder().ringSize(bytes);
                return bytes;
            });
        }
    }

    private static <T> T reading(Supplier<T> reader) {
        try {
            return reader.get();
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
