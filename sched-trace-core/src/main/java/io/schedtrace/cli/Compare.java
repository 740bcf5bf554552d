package io.schedtrace.cli;

import io.schedtrace.analysis.TraceDiff;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sched-trace compare}: how two saved traces differ. */
@Command(
        name = "compare",
        description = {
            "%nShows what is new, gone or changed in the trace AFTER, compared with BEFORE: processes, arguments, peers,"
                    + " exit statuses and counts. Process ids, times, the order of siblings, temporary paths and ports"
                    + " that the kernel chose are not compared.%n"
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:the traces are equal", "1:they differ", "2:a file cannot be read, or an option is wrong"},
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class Compare implements SubCommand {
    private static final int DIFFERENT = 1;

    @Parameters(index = "0", paramLabel = "BEFORE", description = "A saved trace.")
    private @Nullable Path before;

    @Parameters(index = "1", paramLabel = "AFTER", description = "Another one.")
    private @Nullable Path after;

    @Option(
            names = "--format",
            paramLabel = "NAME",
            converter = FormatReader.class,
            defaultValue = "text",
            description =
                    "text (default): the lines that differ; json: a list of the differences; html: both trees side by"
                            + " side.")
    private @Nullable Format format;

    @Mixin
    private final SavedTrace saved = new SavedTrace();

    private enum Format {
        TEXT,
        JSON,
        HTML
    }

    @Override
    public int run(PrintWriter out, PrintWriter err) {
        if (before == null || after == null || format == null) {
            throw new IllegalStateException("not parsed");
        }
        TraceDiff diff =
                TraceDiff.of(saved.read(before).trace(), saved.read(after).trace());
        switch (format) {
            case TEXT -> saved.write(text -> text.append(diff.toString()).append('\n'));
            case JSON -> saved.write(diff::writeJson);
            case HTML -> saved.write(diff::writeHtml);
        }
        return diff.isEmpty() ? 0 : DIFFERENT;
    }

    /** Reads {@code --format}. */
    static final class FormatReader implements ITypeConverter<Format> {
        @Override
        public Format convert(String text) {
            return OptionReaders.format(Format.class, text);
        }
    }
}
