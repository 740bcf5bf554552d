package io.schedtrace.analysis;

import io.schedtrace.analysis.NormalTree.Node;
import io.schedtrace.internal.text.Human;
import io.schedtrace.model.Trace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How two traces differ: processes, arguments, peers, listeners, exit statuses and counts that are new, gone or
 * changed. What differs from run to run is not compared: process ids, times, quantities, the order of siblings, and
 * what a {@link Normalizer} replaces, such as temporary paths.
 *
 * <pre>{@code
 * TraceDiff diff = TraceDiff.of(yesterday, today);
 * if (!diff.isEmpty()) {
 *     System.out.println(diff); // the lines that differ, with those above them in the tree
 * }
 * }</pre>
 *
 * <p>Processes are matched from the top of the trees down: first those that are equal with everything below them, then
 * those with the same command line, then those of the same program, in order. A connection that was given up because
 * another address answered first is left out, and so is that a process ended by SIGPIPE: both are chance.
 *
 * <p>Immutable and safe for use by any thread.
 */
public final class TraceDiff {
    private final List<Row> rows;
    private final List<Change> changes;

    private TraceDiff(List<Row> rows, List<Change> changes) {
        this.rows = List.copyOf(rows);
        this.changes = List.copyOf(changes);
    }

    /** What kind of change something is. */
    public enum Kind {
        /** It is only in the second trace. */
        NEW,
        /** It is only in the first trace. */
        GONE,
        /** The arguments of a process have changed. */
        ARGUMENTS,
        /** A process or a connection ended in another way. */
        STATUS,
        /** There are more or fewer equal ones. */
        COUNT,
    }

    /**
     * One difference.
     *
     * @param kind what kind of change it is
     * @param path the lines above it in the tree, from the root down
     * @param before the line in the first trace; null if it is new
     * @param after the line in the second trace; null if it is gone
     */
    public record Change(
            Kind kind,
            List<String> path,
            @Nullable String before,
            @Nullable String after) {
        /** Copies the path. */
        public Change {
            path = List.copyOf(path);
        }
    }

    /**
     * A line of both trees side by side.
     *
     * @param depth how many lines are above it
     * @param before null if it is not in the first tree
     * @param after null if it is not in the second tree
     * @param differs whether the line differs
     * @param shown whether it or something below it differs
     */
    record Row(int depth, @Nullable String before, @Nullable String after, boolean differs, boolean shown) {}

    /** Compares two traces by the rules of {@link Normalizer#standard()}. */
    public static TraceDiff of(Trace before, Trace after) {
        return of(before, after, Normalizer.standard());
    }

    /** Compares two traces. */
    public static TraceDiff of(Trace before, Trace after, Normalizer normalizer) {
        return of(NormalTree.of(before, normalizer), NormalTree.of(after, normalizer));
    }

    /**
     * Compares a trace with a tree that {@link #normalized} has written.
     *
     * @throws IllegalArgumentException if {@code before} is not such a tree; the message names the line
     */
    public static TraceDiff of(String before, Trace after) {
        String text = normalized(after);
        return of(NormalTree.parse(before), NormalTree.parse(text));
    }

    /**
     * Returns the tree of a trace without what is not compared, a line each, fit for a file that people review. Two
     * traces are equal for this class if these texts are equal.
     */
    public static String normalized(Trace trace) {
        return NormalTree.of(trace, Normalizer.standard()).text();
    }

    private static TraceDiff of(NormalTree before, NormalTree after) {
        TreeMatcher matcher = new TreeMatcher();
        matcher.match(before.roots(), after.roots());
        return new TraceDiff(matcher.rows(), matcher.changes());
    }

    /** Whether nothing differs. */
    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /** The differences, in the order of the trees. What is below something that is new or gone is not listed again. */
    public List<Change> changes() {
        return changes;
    }

    /** The lines of both trees. */
    List<Row> rows() {
        return rows;
    }

    /** Says in one line how many differences there are of each kind. */
    public String summary() {
        if (changes.isEmpty()) {
            return "no differences";
        }
        Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
        changes.forEach(change -> counts.merge(change.kind, 1, Integer::sum));
        return Human.count(changes.size(), "difference", "differences") + ": "
                + counts.entrySet().stream()
                        .map(count -> count.getValue() + " " + words(count.getKey()))
                        .collect(Collectors.joining(", "));
    }

    private static String words(Kind kind) {
        return switch (kind) {
            case NEW -> "new";
            case GONE -> "gone";
            case ARGUMENTS -> "with other arguments";
            case STATUS -> "ended otherwise";
            case COUNT -> "in another number";
        };
    }

    /**
     * Returns the lines that differ, {@code -} for the first and {@code +} for the second trace, with the lines above
     * them in the tree, and the {@link #summary()}. The form may change.
     */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        for (Row row : rows) {
            if (row.differs) {
                line(out, '-', row.depth, row.before);
                line(out, '+', row.depth, row.after);
            } else if (row.shown) {
                line(out, ' ', row.depth, row.after);
            }
        }
        return out.append(summary()).toString();
    }

    private static void line(StringBuilder out, char sign, int depth, @Nullable String line) {
        if (line != null) {
            out.append(sign)
                    .append(' ')
                    .append("   ".repeat(depth))
                    .append(line)
                    .append('\n');
        }
    }

    /**
     * Writes the differences as JSON. Needs {@code com.fasterxml.jackson.core:jackson-core}, an optional dependency.
     *
     * @throws IOException if {@code out} throws it
     */
    public void writeJson(Appendable out) throws IOException {
        out.append(DiffJson.of(this)).append('\n');
    }

    /**
     * Writes both trees side by side as a page of HTML, which needs nothing else.
     *
     * @throws IOException if {@code out} throws it
     */
    public void writeHtml(Appendable out) throws IOException {
        DiffPage.write(this, out);
    }

    /** Matches the nodes of two trees. */
    private static final class TreeMatcher {
        private final List<Row> rows = new ArrayList<>();
        private final List<Change> changes = new ArrayList<>();
        private final List<String> path = new ArrayList<>();

        List<Row> rows() {
            return rows;
        }

        List<Change> changes() {
            return changes;
        }

        void match(List<Node> before, List<Node> after) {
            for (NodePairs.Pair pair : NodePairs.of(before, after)) {
                match(pair.before(), pair.after());
            }
        }

        private void match(@Nullable Node before, @Nullable Node after) {
            int at = rows.size();
            int known = changes.size();
            boolean differs = before == null || after == null || !before.line().equals(after.line());
            String left = before == null ? null : before.line();
            String right = after == null ? null : after.line();
            if (differs) {
                changes.add(new Change(kind(before, after), path, left, right));
            }
            rows.add(new Row(path.size(), left, right, differs, true));
            path.add(right == null ? String.valueOf(left) : right);
            int below = changes.size();
            match(before == null ? List.of() : before.below(), after == null ? List.of() : after.below());
            if (before == null || after == null) {
                changes.subList(below, changes.size()).clear();
            }
            path.remove(path.size() - 1);
            rows.set(at, new Row(path.size(), left, right, differs, changes.size() > known));
        }

        private static Kind kind(@Nullable Node before, @Nullable Node after) {
            if (before == null) {
                return Kind.NEW;
            }
            if (after == null) {
                return Kind.GONE;
            }
            if (!before.head().equals(after.head())) {
                return Kind.ARGUMENTS;
            }
            return before.status().equals(after.status()) ? Kind.COUNT : Kind.STATUS;
        }
    }
}
