package io.schedtrace.internal.text;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Walks a tree from the top to the bottom of its picture and gives each node the lines that stand before it. It does not
 * recurse, since a tree may be thousands of levels deep. From a certain depth on, the number of the level stands for the
 * lines of the levels above.
 *
 * @param <T> what the nodes are
 */
public final class TreeWalk<T> {
    private static final int DEEPEST_DRAWN = 50;
    private static final String BRANCH = "├─ ";
    private static final String LAST_BRANCH = "└─ ";
    private static final String TRUNK = "│  ";
    private static final String BLANK = "   ";

    private final List<T> top;
    private final Function<T, List<T>> below;
    private final Deque<Iterator<T>> levels = new ArrayDeque<>();
    private final StringBuilder trunks = new StringBuilder();

    /**
     * @param top the nodes at the left margin
     * @param below the nodes directly under one
     */
    public TreeWalk(List<T> top, Function<T, List<T>> below) {
        this.top = top;
        this.below = below;
    }

    /** Calls {@code line} with what stands before a node, and the node. */
    public void forEach(BiConsumer<String, T> line) {
        for (T node : top) {
            line.accept("", node);
            descend(node);
            while (!levels.isEmpty()) {
                step(line);
            }
        }
    }

    private void step(BiConsumer<String, T> line) {
        Iterator<T> level = levels.element();
        if (!level.hasNext()) {
            levels.remove();
            trunks.setLength(Math.max(0, Math.min(levels.size() - 1, DEEPEST_DRAWN)) * TRUNK.length());
            return;
        }
        T node = level.next();
        int depth = levels.size();
        String before = depth <= DEEPEST_DRAWN ? trunks.toString() : "(level " + depth + ") ";
        line.accept(before + (level.hasNext() ? BRANCH : LAST_BRANCH), node);
        if (descend(node) && depth <= DEEPEST_DRAWN) {
            trunks.append(level.hasNext() ? TRUNK : BLANK);
        }
    }

    private boolean descend(T node) {
        List<T> children = below.apply(node);
        if (children.isEmpty()) {
            return false;
        }
        levels.push(children.iterator());
        return true;
    }
}
