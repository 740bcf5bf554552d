package io.schedtrace.junit;

import io.schedtrace.ThreadScope;
import org.jspecify.annotations.Nullable;

/** A test, or the trace of a class, that is running or has been. Times are those of {@link System#nanoTime()}. */
final class RunningTest {
    private final String id;
    private final String name;
    private final @Nullable Settings settings;
    private final Thread thread = Thread.currentThread();
    private final long begin = System.nanoTime();
    private volatile long end = Long.MAX_VALUE;
    private volatile boolean shared;
    private @Nullable ThreadScope outside;

    /** @param settings null if it is not traced */
    RunningTest(String id, String name, @Nullable Settings settings) {
        this.id = id;
        this.name = name;
        this.settings = settings;
    }

    String id() {
        return id;
    }

    String name() {
        return name;
    }

    @Nullable
    Settings settings() {
        return settings;
    }

    /** Whether the thread of the other one has begun this one, so that the other one waits for it. */
    boolean startedWithin(RunningTest other) {
        return thread == other.thread && begin - other.begin >= 0;
    }

    /** Keeps its thread out of all traces while it runs. */
    void stayOutside() {
        outside = ThreadScope.outside();
    }

    void end() {
        end = System.nanoTime();
        if (outside != null) {
            outside.close();
        }
    }

    boolean isOver() {
        return end != Long.MAX_VALUE;
    }

    /** Whether it was running at that time. */
    boolean ranAt(long nanos) {
        return nanos - begin >= 0 && nanos - end <= 0;
    }

    /** Notes that it did not have the whole JVM all the time. */
    void share() {
        shared = true;
    }

    /** Whether something that other threads did while it ran may not be in its trace. */
    boolean isShared() {
        return shared;
    }

    /** Whether this is the class, or the factory, that the other one is in; or the same. */
    boolean contains(String otherId) {
        return contains(id, otherId);
    }

    /** The same for two ids. */
    static boolean contains(String id, String otherId) {
        return otherId.startsWith(id) && (otherId.length() == id.length() || otherId.charAt(id.length()) == '/');
    }
}
