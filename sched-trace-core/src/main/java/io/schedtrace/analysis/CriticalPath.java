package io.schedtrace.analysis;

import io.schedtrace.internal.text.Human;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Redactor;
import io.schedtrace.model.SessionSpan;
import io.schedtrace.model.Trace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The processes that a trace's duration depends on. A step of the path is a time in which one process ran and waited
 * for no child that is on the path. The steps follow each other without gaps and add up to the whole time: to make a
 * build faster, make a step shorter.
 *
 * <pre>{@code
 * CriticalPath path = CriticalPath.of(trace);
 * for (CriticalPath.Step step : path.longest()) {
 *     System.out.println(step.length().toMillis() + " ms  " + step.process());
 * }
 * }</pre>
 *
 * <p>The path is found from the end: a process depended on the child that ended last, until that child began; before
 * that, on the one that had ended last by then. A process that outlives its parent counts as a child of the nearest
 * process above it that outlives it. The kernel does not tell who waited for whom: a child that ended while its parent
 * was busy with something else is on the path, too.
 *
 * <p>The path of a trace is that of its session, if it has one, else of its root. With several roots it is the time
 * from the first start to the last end.
 *
 * @param start when it begins
 * @param end when it ends
 * @param steps the steps in the order of time
 */
public record CriticalPath(Instant start, Instant end, List<Step> steps) {
    /** Copies the list. */
    public CriticalPath {
        steps = List.copyOf(steps);
    }

    /**
     * A part of the path.
     *
     * @param process the process; null for the session, or for what none of several roots covers
     * @param start when it begins
     * @param end when it ends
     * @param gap whether the process has children, but none that is on the path ran at that time: it worked by itself,
     *     or everything was idle
     */
    public record Step(@Nullable ProcessSpan process, Instant start, Instant end, boolean gap) {
        /** How long it is. */
        public Duration length() {
            return Duration.between(start, end);
        }
    }

    /** Returns the critical path of a trace; one without steps if there are no processes. */
    public static CriticalPath of(Trace trace) {
        return new Finder(trace).find();
    }

    /** How long the path is. */
    public Duration length() {
        return Duration.between(start, end);
    }

    /** Returns the steps, the longest first. */
    public List<Step> longest() {
        return steps.stream()
                .sorted(Comparator.comparing(Step::length).reversed())
                .toList();
    }

    /** Returns the {@linkplain Step#gap() gaps}, the longest first. */
    public List<Step> gaps() {
        return longest().stream().filter(Step::gap).toList();
    }

    /** Returns how much of the path each program takes, the most first. */
    public Map<String, Duration> byProgram() {
        Map<String, Duration> sums = new HashMap<>();
        for (Step step : steps) {
            ProcessSpan process = step.process;
            sums.merge(process == null ? "(nothing)" : process.name(), step.length(), Duration::plus);
        }
        return sums.entrySet().stream()
                .sorted(Map.Entry.<String, Duration>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .collect(Collectors.toMap(
                        Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one, LinkedHashMap::new));
    }

    /** Returns the steps as text for people, a line each. The form may change. */
    @Override
    public String toString() {
        return steps.stream()
                .map(step -> Human.duration(step.length()) + "  " + name(step.process, Redactor.standard()))
                .collect(Collectors.joining("\n"));
    }

    static String name(@Nullable ProcessSpan process, Redactor redactor) {
        return process == null ? "(no process)" : process.commandLine(redactor) + "  [" + process.pid() + "]";
    }

    /** Walks the tree from its end. */
    private static final class Finder {
        private final Trace trace;
        private final Map<@Nullable ProcessSpan, List<ProcessSpan>> children = new HashMap<>();
        private final List<Step> backwards = new ArrayList<>();

        /** A process whose time down to {@code until} is being split; {@code next} is the child to look at. */
        private static final class Frame {
            final @Nullable ProcessSpan process;
            final List<ProcessSpan> children;
            final Instant start;
            Instant until;
            int next;

            /** The child that was taken last, if it is here because it outlived its parent. */
            @Nullable
            ProcessSpan orphan;

            Frame(@Nullable ProcessSpan process, List<ProcessSpan> children, Instant start, Instant until) {
                this.process = process;
                this.children = children;
                this.start = start;
                this.until = until;
            }
        }

        Finder(Trace trace) {
            this.trace = trace;
        }

        CriticalPath find() {
            SessionSpan session = trace.session();
            ProcessSpan root = trace.root();
            if (root == null) {
                return new CriticalPath(Instant.EPOCH, Instant.EPOCH, List.of());
            }
            ProcessSpan top = session == null && trace.roots().size() == 1 ? root : null;
            adopt(top);
            Frame first;
            if (top != null) {
                first = frame(top, top.startTime(), end(top));
            } else if (session != null) {
                first = frame(null, session.startTime(), session.startTime().plus(session.duration()));
            } else {
                first = frame(null, earliest(), latest());
            }
            Instant end = first.until;
            walk(first);
            Collections.reverse(backwards);
            return new CriticalPath(first.start, end, backwards);
        }

        private Instant earliest() {
            return trace.processes().stream()
                    .map(ProcessSpan::startTime)
                    .min(Instant::compareTo)
                    .orElseThrow();
        }

        private Instant latest() {
            return trace.processes().stream()
                    .map(Finder::end)
                    .max(Instant::compareTo)
                    .orElseThrow();
        }

        static Instant end(ProcessSpan process) {
            return process.startTime().plus(process.duration());
        }

        /** Gives each process the nearest ancestor that ends no earlier; last-ending children come first. */
        private void adopt(@Nullable ProcessSpan top) {
            for (ProcessSpan process : trace.processes()) {
                if (process != top) {
                    ProcessSpan above = parent(process);
                    while (above != null && end(above).isBefore(end(process))) {
                        above = parent(above);
                    }
                    children.computeIfAbsent(above, key -> new ArrayList<>()).add(process);
                }
            }
            children.values()
                    .forEach(list -> list.sort(Comparator.comparing(Finder::end)
                            .thenComparing(ProcessSpan::startTime)
                            .reversed()));
        }

        private @Nullable ProcessSpan parent(ProcessSpan process) {
            return process.parentSpanId() == null ? null : trace.process(process.parentSpanId());
        }

        private Frame frame(@Nullable ProcessSpan process, Instant start, Instant until) {
            return new Frame(process, children.getOrDefault(process, List.of()), start, until);
        }

        private void walk(Frame first) {
            Deque<Frame> stack = new ArrayDeque<>();
            stack.push(first);
            while (!stack.isEmpty()) {
                Frame frame = stack.element();
                ProcessSpan child = next(frame);
                if (child == null) {
                    step(frame, frame.start);
                    stack.pop();
                } else {
                    if (end(child).isBefore(frame.until)) {
                        step(frame, end(child));
                    }
                    Instant childStart = child.startTime().isAfter(frame.start) ? child.startTime() : frame.start;
                    stack.push(frame(child, childStart, frame.until));
                    frame.until = childStart;
                    frame.orphan = parent(child) == frame.process ? null : child;
                }
            }
        }

        /** Takes the child that ended last by then; before an orphan, the process that forked it. */
        private @Nullable ProcessSpan next(Frame frame) {
            ProcessSpan forker = frame.orphan == null ? null : parent(frame.orphan);
            if (forker != null
                    && end(forker).isAfter(frame.until)
                    && forker.startTime().isBefore(frame.until)
                    && frame.children.contains(forker)) {
                return forker;
            }
            while (frame.next < frame.children.size()) {
                ProcessSpan child = frame.children.get(frame.next++);
                if (!end(child).isAfter(frame.until)
                        && end(child).isAfter(frame.start)
                        && child.startTime().isBefore(frame.until)) {
                    return child;
                }
            }
            return null;
        }

        /** Adds what the process did from {@code from} on, and ends its time there. */
        private void step(Frame frame, Instant from) {
            if (from.isBefore(frame.until)) {
                backwards.add(new Step(frame.process, from, frame.until, !frame.children.isEmpty()));
                frame.until = from;
            }
        }
    }
}
