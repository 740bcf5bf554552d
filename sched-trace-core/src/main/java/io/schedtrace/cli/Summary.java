package io.schedtrace.cli;

import io.schedtrace.analysis.TraceSummary;
import io.schedtrace.model.Redactor;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sched-trace summary}: the totals of a saved trace. */
@Command(
        name = "summary",
        description = {
            "%nShows the totals of the trace in FILE: by program and by peer, which processes failed or took the longest, and"
                    + " what its duration depends on.%n"
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class Summary implements SubCommand {
    @Parameters(paramLabel = "FILE", description = "The saved trace.")
    private @Nullable Path file;

    @Option(
            names = "--format",
            paramLabel = "NAME",
            converter = FormatReader.class,
            defaultValue = "text",
            description =
                    "text (default); markdown: failures first, for $GITHUB_STEP_SUMMARY; github: a line for each failed"
                            + " process that GitHub Actions shows as an error.")
    private @Nullable Format format;

    @Mixin
    private final SpanFilter filter = new SpanFilter();

    @Mixin
    private final SavedTrace saved = new SavedTrace();

    @Override
    public int run(PrintWriter out, PrintWriter err) {
        if (file == null || format == null) {
            throw new IllegalStateException("not parsed");
        }
        TraceSummary summary = TraceSummary.of(filter.apply(saved.read(file).trace()));
        Redactor redactor = saved.redactor();
        String shown = switch (format) {
            case TEXT -> summary.text(redactor);
            case MARKDOWN -> summary.markdown(redactor);
            case GITHUB -> summary.annotations(redactor);
        };
        saved.write(text -> text.append(shown));
        return 0;
    }

    private enum Format {
        TEXT,
        MARKDOWN,
        GITHUB
    }

    /** Reads {@code --format}. */
    static final class FormatReader implements ITypeConverter<Format> {
        @Override
        public Format convert(String text) {
            return OptionReaders.format(Format.class, text);
        }
    }
}
