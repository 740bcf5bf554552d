package io.schedtrace.analysis;

import io.schedtrace.analysis.CriticalPath.Step;
import io.schedtrace.analysis.TraceSummary.Peer;
import io.schedtrace.analysis.TraceSummary.Program;
import io.schedtrace.internal.text.Human;
import io.schedtrace.internal.text.ShellWord;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Redactor;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TreeText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A {@link TraceSummary} as text. */
final class SummaryText {
    private static final int MOST_ROWS = 20;
    private static final int MOST_STEPS = 10;

    private final TraceSummary summary;
    private final Redactor redactor;
    private final StringBuilder out = new StringBuilder();

    SummaryText(TraceSummary summary, Redactor redactor) {
        this.summary = summary;
        this.redactor = redactor;
    }

    String text() {
        Trace trace = summary.trace();
        out.append(TreeText.plain().redacted(redactor).summary(trace)).append('\n');
        programs();
        peers();
        processes("failed", summary.failed());
        processes("slowest", summary.slowest());
        path();
        return out.toString();
    }

    private void programs() {
        List<List<String>> rows = new ArrayList<>();
        for (Program program : summary.programs()) {
            rows.add(List.of(
                    ShellWord.of(redactor.text(program.name())),
                    Integer.toString(program.count()),
                    Human.duration(program.wallTime()),
                    duration(program.cpuTime()),
                    bytes(program.peakMemoryBytes()),
                    program.failures() == 0 ? "" : Integer.toString(program.failures())));
        }
        table(List.of("program", "count", "wall time", "CPU time", "peak memory", "failed"), rows);
    }

    private void peers() {
        List<List<String>> rows = new ArrayList<>();
        for (Peer peer : summary.peers()) {
            rows.add(List.of(
                    ShellWord.of(peer.name()),
                    Integer.toString(peer.count()),
                    bytes(peer.bytesSent()),
                    bytes(peer.bytesReceived()),
                    peer.failures() == 0 ? "" : Integer.toString(peer.failures())));
        }
        table(List.of("peer", "connections", "sent", "received", "failed"), rows);
    }

    private void processes(String title, List<ProcessSpan> processes) {
        if (!processes.isEmpty()) {
            out.append('\n').append(title).append('\n');
            processes.stream()
                    .limit(MOST_ROWS)
                    .forEach(process -> out.append("  ")
                            .append(TreeText.plain().redacted(redactor).line(process))
                            .append('\n'));
            more(processes.size() - MOST_ROWS);
        }
    }

    private void path() {
        CriticalPath path = summary.criticalPath();
        if (path.steps().isEmpty()) {
            return;
        }
        out.append("\ncritical path, ").append(Human.duration(path.length())).append(", by program\n");
        List<Map.Entry<String, Duration>> programs =
                List.copyOf(path.byProgram().entrySet());
        programs.stream()
                .limit(MOST_STEPS)
                .forEach(program -> out.append("  ")
                        .append(Human.duration(program.getValue()))
                        .append("  ")
                        .append(ShellWord.of(redactor.text(program.getKey())))
                        .append('\n'));
        more(programs.size() - MOST_STEPS);
        steps("longest steps of the critical path", path.longest());
        steps("longest gaps, in which no child was on the path", path.gaps());
    }

    private void steps(String title, List<Step> steps) {
        if (steps.isEmpty()) {
            return;
        }
        out.append('\n').append(title).append('\n');
        for (Step step : steps.subList(0, Math.min(MOST_STEPS, steps.size()))) {
            out.append("  ")
                    .append(Human.duration(step.length()))
                    .append(" at ")
                    .append(Human.duration(
                            Duration.between(summary.criticalPath().start(), step.start())))
                    .append("  ")
                    .append(CriticalPath.name(step.process(), redactor))
                    .append('\n');
        }
        more(steps.size() - MOST_STEPS);
    }

    private void more(int count) {
        if (count > 0) {
            out.append("  … and ").append(count).append(" more\n");
        }
    }

    /** Writes rows in columns; all but the first are aligned to the right. */
    private void table(List<String> titles, List<List<String>> rows) {
        if (rows.isEmpty()) {
            return;
        }
        List<List<String>> shown =
                Stream.concat(Stream.of(titles), rows.stream().limit(MOST_ROWS)).toList();
        int[] widths = new int[titles.size()];
        for (List<String> row : shown) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        out.append('\n');
        for (List<String> row : shown) {
            StringBuilder line = new StringBuilder(row.get(0))
                    .append(" ".repeat(widths[0] - row.get(0).length()));
            for (int i = 1; i < widths.length; i++) {
                line.append("  ")
                        .append(" ".repeat(widths[i] - row.get(i).length()))
                        .append(row.get(i));
            }
            out.append(line.toString().stripTrailing()).append('\n');
        }
        more(rows.size() - MOST_ROWS);
    }

    private static String duration(@Nullable Duration duration) {
        return duration == null ? "?" : Human.duration(duration);
    }

    private static String bytes(@Nullable Long bytes) {
        return bytes == null ? "?" : Human.bytes(bytes);
    }
}
