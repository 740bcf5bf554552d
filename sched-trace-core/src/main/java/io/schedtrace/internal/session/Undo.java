package io.schedtrace.internal.session;

import java.util.ArrayDeque;
import java.util.Deque;

/** What to undo, the latest first, if something that consists of several steps fails half-way. */
final class Undo {
    private final Deque<Runnable> steps = new ArrayDeque<>();

    void add(Runnable step) {
        steps.push(step);
    }

    /** Nothing is to be undone any more. */
    void clear() {
        steps.clear();
    }

    void run() {
        while (!steps.isEmpty()) {
            steps.pop().run();
        }
    }
}
