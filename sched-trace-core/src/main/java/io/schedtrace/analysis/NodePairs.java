package io.schedtrace.analysis;

import io.schedtrace.analysis.NormalTree.Node;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds out which of two lists of siblings belong together. */
final class NodePairs {
    private final List<Node> before;
    private final List<Node> after;
    private final Map<Integer, Integer> partners = new HashMap<>();
    private final Set<Integer> taken = new HashSet<>();

    /** Two nodes that belong together; null for the one that is missing. */
    record Pair(@Nullable Node before, @Nullable Node after) {}

    private NodePairs(List<Node> before, List<Node> after) {
        this.before = before;
        this.after = after;
    }

    /** Returns the pairs in the order of the second list; what is gone stands where it was. */
    static List<Pair> of(List<Node> before, List<Node> after) {
        NodePairs pairs = new NodePairs(before, after);
        pairs.match(node -> node);
        pairs.match(node -> node.times(1));
        pairs.match(node -> List.of(node.head(), node.status(), node.count()));
        pairs.match(node -> List.of(node.head(), node.status()));
        pairs.match(Node::head);
        pairs.match(node -> isPeer(node) ? node : node.program());
        return pairs.pairs();
    }

    /** A peer has no arguments: another one is a new one. */
    private static boolean isPeer(Node node) {
        return node.program().equals("→")
                || node.program().equals("←")
                || node.head().startsWith("listens on ");
    }

    private void match(Function<Node, Object> key) {
        Map<Object, Deque<Integer>> places = new HashMap<>();
        for (int i = 0; i < after.size(); i++) {
            if (!taken.contains(i)) {
                places.computeIfAbsent(key.apply(after.get(i)), same -> new ArrayDeque<>())
                        .add(i);
            }
        }
        for (int i = 0; i < before.size(); i++) {
            if (!partners.containsKey(i)) {
                Deque<Integer> same = places.get(key.apply(before.get(i)));
                Integer partner = same == null ? null : same.poll();
                if (partner != null) {
                    partners.put(i, partner);
                    taken.add(partner);
                }
            }
        }
    }

    private List<Pair> pairs() {
        Map<Integer, Integer> back = new HashMap<>();
        partners.forEach((one, other) -> back.put(other, one));
        List<Pair> pairs = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < after.size(); i++) {
            Integer partner = back.get(i);
            if (partner != null) {
                next = addGone(next, partner, pairs);
            }
            pairs.add(new Pair(partner == null ? null : before.get(partner), after.get(i)));
        }
        addGone(next, before.size(), pairs);
        return pairs;
    }

    /** Adds what is gone of the nodes up to {@code to}; returns where to go on. */
    private int addGone(int from, int to, List<Pair> pairs) {
        for (int i = from; i < to; i++) {
            if (!partners.containsKey(i)) {
                pairs.add(new Pair(before.get(i), null));
            }
        }
        return Math.max(from, to);
    }
}
