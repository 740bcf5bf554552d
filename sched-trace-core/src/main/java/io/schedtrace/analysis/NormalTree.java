package io.schedtrace.analysis;

import io.schedtrace.internal.text.Constants;
import io.schedtrace.internal.text.TreeWalk;
import io.schedtrace.model.CommandLine;
import io.schedtrace.model.Exec;
import io.schedtrace.model.ExitStatus;
import io.schedtrace.model.ListenSpan;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TcpSpan.Outcome;
import io.schedtrace.model.TcpSpan.Role;
import io.schedtrace.model.Trace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A tree without what differs from run to run. Its text is that of {@link io.schedtrace.model.TreeText} without pids,
 * times and quantities; siblings are sorted, and equal ones are one line with their number.
 */
final class NormalTree {
    /** What is deeper is compared as a whole. */
    private static final int DEEPEST = 200;

    /** Whether a process writes to a pipe before or after its reader has gone is chance. */
    private static final int SIGPIPE = 13;

    private static final Set<Outcome> FAILURES =
            EnumSet.of(Outcome.REFUSED, Outcome.TIMED_OUT, Outcome.UNREACHABLE, Outcome.FAILED);
    private static final Pattern LINE = Pattern.compile(
            "(?<indent>(?:[│ ]  )*(?:[├└]─ )?)(?<head>.*?)(?:  (?<status>✗ .*?|running))?(?:  x (?<count>[0-9]{1,9}))?");

    private final List<Node> roots;

    private NormalTree(List<Node> roots) {
        this.roots = roots;
    }

    /**
     * A process, a peer or a listener, with what is below it.
     *
     * @param program what the head begins with: nodes of one program may be the same one with other arguments
     * @param head the command line, or the peer
     * @param status how it ended, if that is out of the ordinary; else empty
     * @param count how many equal ones there are
     */
    record Node(String program, String head, String status, List<Node> below, int count) {
        String line() {
            return head + (status.isEmpty() ? "" : "  " + status) + (count == 1 ? "" : "  x " + count);
        }

        Node times(int number) {
            return new Node(program, head, status, below, number);
        }
    }

    /** What is above nodes. */
    List<Node> roots() {
        return roots;
    }

    static NormalTree of(Trace trace, Normalizer normalizer) {
        return new Builder(trace, normalizer).build();
    }

    /** The picture, with a line end after each line. */
    String text() {
        StringBuilder out = new StringBuilder();
        new TreeWalk<>(roots, Node::below)
                .forEach(
                        (before, node) -> out.append(before).append(node.line()).append('\n'));
        return out.toString();
    }

    /**
     * Reads what {@link #text} has written.
     *
     * @throws IllegalArgumentException if it is something else; the message names the line
     */
    static NormalTree parse(String text) {
        List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
        int[] next = {0};
        NormalTree tree = new NormalTree(parse(lines, next, 0));
        if (next[0] < lines.size()) {
            throw new IllegalArgumentException(
                    "line " + (next[0] + 1) + " is not part of a tree: " + lines.get(next[0]));
        }
        return tree;
    }

    private static List<Node> parse(List<String> lines, int[] next, int level) {
        List<Node> nodes = new ArrayList<>();
        while (next[0] < lines.size()) {
            Matcher line = LINE.matcher(lines.get(next[0]));
            if (!line.matches() || line.group("indent").length() != 3 * level || level > DEEPEST + 1) {
                break;
            }
            next[0]++;
            String head = line.group("head");
            String count = line.group("count");
            nodes.add(new Node(
                    program(head),
                    head,
                    Objects.requireNonNullElse(line.group("status"), ""),
                    parse(lines, next, level + 1),
                    count == null ? 1 : Integer.parseInt(count)));
        }
        return nodes;
    }

    private static String program(String head) {
        int blank = head.indexOf(' ');
        return blank < 0 ? head : head.substring(0, blank);
    }

    /** Builds the tree from its leaves. */
    private static final class Builder {
        private final Trace trace;
        private final Normalizer normalizer;
        private final Set<String> pids;

        Builder(Trace trace, Normalizer normalizer) {
            this.trace = trace;
            this.normalizer = normalizer;
            this.pids = Normalizer.pids(trace);
        }

        NormalTree build() {
            List<Node> nodes = new ArrayList<>();
            trace.connections().stream()
                    .filter(connection -> hasNoProcess(connection.processSpanId()))
                    .map(this::connection)
                    .filter(Objects::nonNull)
                    .forEach(nodes::add);
            trace.listeners().stream()
                    .filter(listener -> hasNoProcess(listener.processSpanId()))
                    .map(this::listener)
                    .forEach(nodes::add);
            trace.roots().forEach(root -> nodes.add(process(root, 0)));
            return new NormalTree(folded(nodes));
        }

        private boolean hasNoProcess(@Nullable SpanId process) {
            return process == null || trace.process(process) == null;
        }

        private Node process(ProcessSpan process, int level) {
            List<Node> below = new ArrayList<>();
            trace.listeners(process).forEach(listener -> below.add(listener(listener)));
            trace.connections(process).stream()
                    .map(this::connection)
                    .filter(Objects::nonNull)
                    .forEach(below::add);
            List<ProcessSpan> children = trace.children(process);
            if (level < DEEPEST) {
                children.forEach(child -> below.add(process(child, level + 1)));
            } else if (!children.isEmpty()) {
                below.add(node("… deeper processes are not compared", ""));
            }
            return new Node(normalizer.name(process.name(), pids), head(process), status(process), folded(below), 1);
        }

        private String head(ProcessSpan process) {
            CommandLine shown = process.commandLine();
            if (process.hidden() || process.execs().isEmpty()) {
                return normalizer.name(process.name(), pids) + (process.hidden() ? " (hidden)" : " (fork)");
            }
            StringBuilder head = new StringBuilder();
            for (Exec earlier : process.execs().subList(0, process.execs().size() - 1)) {
                head.append(normalizer.name(earlier.name(), pids)).append(" » ");
            }
            List<String> arguments = process.arguments();
            return head.append(normalizer.name(process.name(), pids))
                    .append(normalizer.arguments(withoutInterpreter(process, shown), pids))
                    .append(arguments.isEmpty() || !process.argumentsTruncated() ? "" : " …")
                    .toString();
        }

        /** The kernel puts an interpreter before a script: the script is the program. */
        private static List<String> withoutInterpreter(ProcessSpan process, CommandLine shown) {
            List<String> arguments = process.arguments();
            Exec last = process.execs().get(process.execs().size() - 1);
            int script = last.exe().endsWith("/" + last.name()) ? -1 : arguments.indexOf(last.filename());
            return script > 0 ? arguments.subList(script, arguments.size()) : arguments;
        }

        private static String status(ProcessSpan process) {
            ExitStatus exit = process.exit();
            if (process.running()) {
                return "running";
            }
            return exit == null || exit.success() || Integer.valueOf(SIGPIPE).equals(exit.signalNumber())
                    ? ""
                    : "✗ " + exit;
        }

        /** An attempt that was given up because another address was quicker is left out. */
        private @Nullable Node connection(TcpSpan connection) {
            if (connection.outcome() == Outcome.ABANDONED) {
                return null;
            }
            String peer = normalizer.name(connection.peerName(), pids);
            String head = connection.role() == Role.CLIENT
                    ? "→ " + peer + ":" + Normalizer.port(connection.peer().getPort())
                    : "← " + peer + " to port "
                            + Normalizer.port(connection.local().getPort());
            return node(
                    head, FAILURES.contains(connection.outcome()) ? "✗ " + Constants.words(connection.outcome()) : "");
        }

        private Node listener(ListenSpan listener) {
            Integer port = listener.port();
            String endpoint = listener.endpoint();
            String address = endpoint.substring(0, endpoint.lastIndexOf(':') + 1);
            return node("listens on " + address + (port == null ? "*" : Normalizer.port(port)), "");
        }

        private static Node node(String head, String status) {
            return new Node(program(head), head, status, List.of(), 1);
        }

        /** Sorts nodes, and makes one of equal ones. */
        private static List<Node> folded(List<Node> nodes) {
            Map<String, List<Node>> byText = new TreeMap<>();
            Map<Node, Integer> counts = new HashMap<>();
            for (Node node : nodes) {
                if (counts.merge(node, 1, Integer::sum) == 1) {
                    byText.computeIfAbsent(node.line(), key -> new ArrayList<>())
                            .add(node);
                }
            }
            List<Node> folded = new ArrayList<>();
            for (List<Node> same : byText.values()) {
                if (same.size() > 1) {
                    same.sort(Comparator.comparing(node -> new NormalTree(List.of(node)).text()));
                }
                same.forEach(node -> folded.add(node.times(Objects.requireNonNull(counts.get(node)))));
            }
            return List.copyOf(folded);
        }
    }
}
