package io.schedtrace.assertj;

import io.schedtrace.internal.text.Printable;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.Trace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A tree of names as {@link io.schedtrace.model.TreeText#names} draws it, read to compare it without an order of siblings. */
final class TreePicture {
    /** From a certain depth on, the number of the level stands for the lines of the levels above. */
    private static final Pattern LINE =
            Pattern.compile("(?:\\(level (?<level>\\d+)\\) )?(?<trunks>(?:│  |   )*)(?<branch>[├└]─ ?)?(?<name>.*)");

    private static final int TRUNK = 3;

    private final Node top;

    private static final class Node {
        final String name;
        final List<Node> below = new ArrayList<>();

        Node(String name) {
            this.name = name;
        }
    }

    /** A name, and the numbers of the subtrees below it in ascending order. */
    private record Shape(String name, List<Integer> below) {}

    private TreePicture(Node top) {
        this.top = top;
    }

    /** The tree of a trace. */
    static TreePicture of(Trace trace) {
        Map<SpanId, Node> nodes = new HashMap<>();
        for (ProcessSpan process : trace.processes()) {
            nodes.put(process.spanId(), new Node(Printable.escape(process.name())));
        }
        Node top = new Node("");
        for (ProcessSpan process : trace.processes()) {
            SpanId parent = process.parentSpanId();
            Node above = parent == null ? top : nodes.getOrDefault(parent, top);
            above.below.add(Objects.requireNonNull(nodes.get(process.spanId())));
        }
        return new TreePicture(top);
    }

    /** @throws IllegalArgumentException if it is no picture; the message names the line */
    static TreePicture parse(String picture) {
        Node top = new Node("");
        List<Node> path = new ArrayList<>(List.of(top));
        int number = 0;
        for (String line : picture.lines().toList()) {
            number++;
            Matcher parts = LINE.matcher(line);
            int depth = parts.matches() ? depth(parts) : 0;
            if (depth < 1 || depth > path.size() || parts.group("name").isEmpty()) {
                throw new IllegalArgumentException("line " + number
                        + " of the picture is not a name below another one, as in \"sh\\n├─ ls\\n└─ wc\": \"" + line
                        + '"');
            }
            Node node = new Node(parts.group("name"));
            path.get(depth - 1).below.add(node);
            path.subList(depth, path.size()).clear();
            path.add(node);
        }
        return new TreePicture(top);
    }

    /** The depth of a line's name, from 1; 0 if there are blanks but no branch. */
    private static int depth(Matcher parts) {
        String level = parts.group("level");
        if (parts.group("branch") == null) {
            return parts.group("trunks").isEmpty() && level == null ? 1 : 0;
        }
        return level == null ? 2 + parts.group("trunks").length() / TRUNK : 1 + Integer.parseInt(level);
    }

    boolean equalsInAnyOrder(TreePicture other) {
        Map<Shape, Integer> numbers = new HashMap<>();
        return number(numbers) == other.number(numbers);
    }

    /** The number of the tree, the same for trees that differ only in the order of siblings. Does not recurse. */
    private int number(Map<Shape, Integer> numbers) {
        List<Node> nodes = new ArrayList<>(List.of(top));
        for (int i = 0; i < nodes.size(); i++) {
            nodes.addAll(nodes.get(i).below);
        }
        Map<Node, Integer> found = new HashMap<>();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Node node = nodes.get(i);
            List<Integer> below = node.below.stream().map(found::get).sorted().toList();
            found.put(node, numbers.computeIfAbsent(new Shape(node.name, below), shape -> numbers.size()));
        }
        return found.getOrDefault(top, -1);
    }
}
