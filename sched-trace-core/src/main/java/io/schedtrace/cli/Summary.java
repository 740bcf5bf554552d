package io.schedtrace.cli;

import io.schedtrace.analysis.TraceSummary;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

    @Mixin
    private final SpanFilter filter = new SpanFilter();

    @Mixin
    private final SavedTrace saved = new SavedTrace();

    @Override
    public int run(PrintWriter out, PrintWriter err) {
        if (file == null) {
            throw new IllegalStateException("not parsed");
        }
        TraceSummary summary = TraceSummary.of(filter.apply(saved.read(file).trace()));
        saved.write(text -> text.append(summary.text(saved.redactor())));
        return 0;
    }
}
