package io.schedtrace.export;

import io.schedtrace.ProcessSpan;
import io.schedtrace.ScopeSpan;
import io.schedtrace.Span;
import io.schedtrace.TcpSpan;
import io.schedtrace.Trace;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Goes through a trace from top to bottom of its picture and gives each span the lines that stand before it. It does
 * not recur, since a tree may be thousands of levels deep; from a certain depth on, the number of the level stands for
 * the lines of those above.
 */
final class TreeWalk {
    private static final int DEEPEST_DRAWN = 50;
    private static final String BRANCH = "├─ ";
    private static final String LAST_BRANCH = "└─ ";
    private static final String TRUNK = "│  ";
    private static final String BLANK = "   ";

    private final Trace trace;
    private final boolean connections;
    private final Deque<Iterator<Span>> levels = new ArrayDeque<>();
    private final StringBuilder trunks = new StringBuilder();

    /** @param connections whether connections come, too, each under its process and before the children of that */
    TreeWalk(Trace trace, boolean connections) {
        this.trace = trace;
        this.connections = connections;
    }

    /** Calls {@code line} with what stands before a span, and the span. */
    void forEach(BiConsumer<String, Span> line) {
        for (Span top : top()) {
            line.accept("", top);
            descend(top);
            while (!levels.isEmpty()) {
                step(line);
            }
        }
    }

    private void step(BiConsumer<String, Span> line) {
        Iterator<Span> level = levels.element();
        if (!level.hasNext()) {
            levels.remove();
            trunks.setLength(Math.max(0, Math.min(levels.size() - 1, DEEPEST_DRAWN)) * TRUNK.length());
            return;
        }
        Span span = level.next();
        int depth = levels.size();
        String before = depth <= DEEPEST_DRAWN ? trunks.toString() : "(level " + depth + ") ";
        line.accept(before + (level.hasNext() ? BRANCH : LAST_BRANCH), span);
        if (descend(span) && depth <= DEEPEST_DRAWN) {
            trunks.append(level.hasNext() ? TRUNK : BLANK);
        }
    }

    private boolean descend(Span span) {
        List<Span> below = below(span);
        if (below.isEmpty()) {
            return false;
        }
        levels.push(below.iterator());
        return true;
    }

    private List<Span> below(Span span) {
        if (span instanceof ProcessSpan process) {
            List<Span> below = new ArrayList<>(connections ? trace.connections(process) : List.of());
            below.addAll(trace.children(process));
            return below;
        }
        return span instanceof ScopeSpan ? roots() : List.of();
    }

    /** The scope, if there is one and more than names is asked for, else what is under it. */
    private List<Span> top() {
        ScopeSpan scope = trace.scope();
        return scope != null && connections ? List.of(scope) : roots();
    }

    /** The roots, and connections whose process is not in the trace. */
    private List<Span> roots() {
        List<Span> top = new ArrayList<>();
        if (connections) {
            for (TcpSpan connection : trace.connections()) {
                if (connection.processSpanId() == null || trace.process(connection.processSpanId()) == null) {
                    top.add(connection);
                }
            }
        }
        top.addAll(trace.roots());
        return top;
    }
}
