package io.schedtrace.junit;

import io.schedtrace.JvmScope;
import io.schedtrace.ProcessTreeTracer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tests of a run that are running, and who has the whole JVM: the one test that runs, if it is traced and no other
 * runs, else the trace of strays.
 */
final class RunningTests {
    private static final Deque<RunningTests> RUNS = new ArrayDeque<>(List.of(new RunningTests()));

    /** The traces that are open, with their tracers. */
    private final Map<RunningTest, ProcessTreeTracer> traced = new HashMap<>();

    /** The tests that the launcher has started and that no trace is open for. */
    private final Map<String, RunningTest> untraced = new HashMap<>();

    /** Those that are over and did not have the whole JVM: strays may be theirs. */
    private final List<RunningTest> over = new ArrayList<>();

    /** The ids of those that have been traced. */
    private final Set<String> everTraced = new HashSet<>();

    private @Nullable StrayTrace strays;
    private @Nullable ProcessTreeTracer holder;
    private @Nullable JvmScope scope;

    /** Those of the run that has begun last: a test may run other tests. */
    static RunningTests current() {
        synchronized (RUNS) {
            return RUNS.element();
        }
    }

    static void push(RunningTests run) {
        synchronized (RUNS) {
            RUNS.push(run);
        }
    }

    static void remove(RunningTests run) {
        synchronized (RUNS) {
            RUNS.removeFirstOccurrence(run);
        }
    }

    /** The trace of what belongs to no single test. It begins with the first call. */
    synchronized StrayTrace strays() {
        StrayTrace open = strays;
        if (open == null) {
            open = new StrayTrace(this);
            strays = open;
            hand();
        }
        return open;
    }

    /**
     * Ends the trace of strays, if there is one, and tells of them.
     *
     * @return why the run fails
     */
    List<String> closeStrays(Path reports) {
        StrayTrace open;
        synchronized (this) {
            open = strays;
        }
        if (open == null) {
            return List.of();
        }
        List<String> failures = open.close(reports);
        synchronized (this) {
            strays = null;
            hand();
            over.clear();
        }
        return failures;
    }

    /** A test has been started; called on its thread, perhaps after its trace was opened. */
    synchronized void started(String id, String name) {
        if (traced.keySet().stream().anyMatch(test -> test.contains(id))) {
            return;
        }
        RunningTest test = new RunningTest(id, name, null);
        if (strays != null) {
            test.stayOutside();
        }
        untraced.put(id, test);
        hand();
    }

    /** A test that was started has ended; called on the same thread. */
    synchronized void finished(String id) {
        RunningTest test = untraced.remove(id);
        if (test != null) {
            end(test);
        }
    }

    /** A trace has been opened. */
    synchronized void opened(RunningTest test, ProcessTreeTracer tracer) {
        traced.put(test, tracer);
        everTraced.add(test.id());
        hand();
    }

    /** Whether a test, or the factory that it is of, has been traced so far. */
    synchronized boolean wasTraced(String id) {
        return everTraced.contains(id) || everTraced.stream().anyMatch(outer -> RunningTest.contains(outer, id));
    }

    /** A trace is about to be closed. */
    synchronized void closed(RunningTest test) {
        if (traced.remove(test) != null) {
            end(test);
        }
    }

    private void end(RunningTest test) {
        test.end();
        if (test.isShared()) {
            over.add(test);
        }
        hand();
    }

    /** The tests and classes that were running at that time, traced or not. */
    synchronized List<RunningTest> at(long nanos) {
        List<RunningTest> tests = new ArrayList<>(over);
        tests.addAll(traced.keySet());
        tests.addAll(concurrentlyUntraced());
        tests.removeIf(test -> !test.ranAt(nanos));
        return tests;
    }

    /** Gives the JVM to whom it belongs now. */
    private void hand() {
        RunningTest sole = sole();
        ProcessTreeTracer next = sole != null ? traced.get(sole) : strays == null ? null : strays.tracer();
        if (sole == null && strays != null && !traced.isEmpty()) {
            traced.keySet().forEach(RunningTest::share);
            untraced.values().forEach(RunningTest::share);
        }
        if (next != holder) {
            JvmScope before = scope;
            scope = next == null ? null : next.enterJvm();
            holder = next;
            if (before != null) {
                before.close();
            }
        }
    }

    /** The innermost of the open traces, if each is within the others and nothing else runs. */
    private @Nullable RunningTest sole() {
        if (traced.isEmpty() || !concurrentlyUntraced().isEmpty()) {
            return null;
        }
        RunningTest innermost = traced.keySet().stream()
                .max(Comparator.comparingInt(test -> test.id().length()))
                .orElseThrow();
        return traced.keySet().stream().allMatch(test -> test.contains(innermost.id())) ? innermost : null;
    }

    /** The untraced tests, without those that wait for a traced one: a thread runs the one that it has begun last. */
    private List<RunningTest> concurrentlyUntraced() {
        return untraced.values().stream()
                .filter(test -> traced.keySet().stream().noneMatch(other -> replaces(other, test)))
                .toList();
    }

    private static boolean replaces(RunningTest traced, RunningTest untraced) {
        return traced.contains(untraced.id()) || traced.startedWithin(untraced);
    }
}
