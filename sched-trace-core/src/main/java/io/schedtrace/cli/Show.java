package io.schedtrace.cli;

import io.schedtrace.export.TraceFile;
import io.schedtrace.export.TraceFormat;
import io.schedtrace.model.TraceListener;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sched-trace show}: shows a saved trace. */
@Command(
        name = "show",
        description = {
            "%nShows the trace in FILE, which sched-trace --format json or a test has written.%n",
            "Options such as --program select processes. If one is repeated, one of its values must fit; of different ones,"
                    + " each must. A process whose parent is not selected stands at the top.%n"
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class Show implements SubCommand {
    @Parameters(paramLabel = "FILE", description = "The saved trace.")
    private @Nullable Path file;

    @Option(
            names = "--format",
            paramLabel = "NAME",
            converter = OptionReaders.FormatReader.class,
            defaultValue = "tree",
            description = "tree (default), text, json, html, perfetto, or another format on the class path. html and"
                    + " perfetto need -o.")
    private @Nullable TraceFormat format;

    @Mixin
    private final SpanFilter filter = new SpanFilter();

    @Mixin
    private final SavedTrace saved = new SavedTrace();

    @Override
    public int run(PrintWriter out, PrintWriter err) {
        if (file == null || format == null) {
            throw new IllegalStateException("not parsed");
        }
        TraceFile read = saved.read(file);
        if (format.needsFile() && !saved.hasFile()) {
            throw saved.wrong("--format " + format.name() + " writes a document; name its file with -o FILE");
        }
        try (SpanOutput output = saved.open()) {
            TraceListener listener = format.listener(output, read.labels(), saved.redactor(), output.colours());
            listener.traceClosed(filter.apply(read.trace()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return 0;
    }
}
