package io.schedtrace.analysis;

import io.schedtrace.analysis.TraceSummary.Peer;
import io.schedtrace.analysis.TraceSummary.Program;
import io.schedtrace.internal.text.BuildServer;
import io.schedtrace.internal.text.Human;
import io.schedtrace.internal.text.ShellWord;
import io.schedtrace.model.ExitStatus;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Redactor;
import io.schedtrace.model.TreeText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@link TraceSummary} for build servers: as Markdown, failures first, and as annotations of GitHub Actions. */
final class SummaryMarkdown {
    private static final int MOST_ROWS = 20;
    /** GitHub shows at most ten errors of a step. */
    private static final int MOST_ANNOTATIONS = 10;

    private final TraceSummary summary;
    private final Redactor redactor;
    private final StringBuilder out = new StringBuilder();

    SummaryMarkdown(TraceSummary summary, Redactor redactor) {
        this.summary = summary;
        this.redactor = redactor;
    }

    String markdown() {
        List<List<String>> failed = new ArrayList<>();
        for (ProcessSpan process : summary.failed()) {
            failed.add(List.of(command(process), String.valueOf(process.exit()), Human.duration(process.duration())));
        }
        table("Failed processes", List.of("process", "ended", "time"), failed);
        List<List<String>> peers = new ArrayList<>();
        for (Peer peer : summary.peers()) {
            peers.add(List.of(
                    ShellWord.of(peer.name()), Integer.toString(peer.count()), Integer.toString(peer.failures())));
        }
        List<List<String>> programs = new ArrayList<>();
        for (Program program : summary.programs()) {
            Duration cpu = program.cpuTime();
            programs.add(List.of(
                    ShellWord.of(redactor.text(program.name())),
                    Integer.toString(program.count()),
                    Human.duration(program.wallTime()),
                    cpu == null ? "?" : Human.duration(cpu),
                    bytes(program.peakMemoryBytes()),
                    Integer.toString(program.failures())));
        }
        table("Programs", List.of("program", "count", "wall time", "CPU time", "peak memory", "failed"), programs);
        table("Peers", List.of("peer", "connections", "failed"), peers);
        List<List<String>> path = new ArrayList<>();
        summary.criticalPath()
                .byProgram()
                .forEach((program, time) ->
                        path.add(List.of(ShellWord.of(redactor.text(program)), Human.duration(time))));
        table("Critical path", List.of("program", "time on the path"), path);
        for (String line :
                TreeText.plain().redacted(redactor).summary(summary.trace()).split("\n")) {
            out.append(BuildServer.markdown(line)).append("\n\n");
        }
        return out.toString();
    }

    private void table(String title, List<String> titles, List<List<String>> rows) {
        if (rows.isEmpty()) {
            return;
        }
        out.append("### ")
                .append(title)
                .append("\n\n| ")
                .append(String.join(" | ", titles))
                .append(" |\n|");
        out.append("---|".repeat(titles.size())).append('\n');
        for (List<String> row : rows.subList(0, Math.min(MOST_ROWS, rows.size()))) {
            out.append('|');
            row.forEach(
                    cell -> out.append(' ').append(BuildServer.markdown(cell)).append(" |"));
            out.append('\n');
        }
        if (rows.size() > MOST_ROWS) {
            out.append("\nand ").append(rows.size() - MOST_ROWS).append(" more\n");
        }
        out.append('\n');
    }

    String annotations() {
        List<ProcessSpan> failed = summary.failed();
        for (ProcessSpan process : failed.subList(0, Math.min(MOST_ANNOTATIONS - 1, failed.size()))) {
            ExitStatus exit = process.exit();
            out.append(BuildServer.error(
                    process.name() + ": " + exit,
                    command(process) + " ended by " + exit + " after " + Human.duration(process.duration())));
        }
        if (failed.size() >= MOST_ANNOTATIONS) {
            out.append(BuildServer.error(
                    "more failures", (failed.size() - MOST_ANNOTATIONS + 1) + " more processes failed"));
        }
        return out.toString();
    }

    private String command(ProcessSpan process) {
        return process.commandLine(redactor).toString();
    }

    private static String bytes(@Nullable Long bytes) {
        return bytes == null ? "?" : Human.bytes(bytes);
    }
}
