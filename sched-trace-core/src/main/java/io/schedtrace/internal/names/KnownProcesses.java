package io.schedtrace.internal.names;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The processes of a session, by their numbers, with the names that each of them knows. Of the processes that have ended, the
 * last 16,384 are kept. Thread-safe.
 */
final class KnownProcesses {
    /** The number of this JVM, which is always kept. */
    static final long SELF = 0;

    private static final int MAX_ENDED = 16_384;

    private final int namesPerProcess;
    private final Map<Long, ProcessNames> processes = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Long> ended = new ConcurrentLinkedQueue<>();
    private final AtomicInteger endedCount = new AtomicInteger();

    KnownProcesses(int namesPerProcess) {
        this.namesPerProcess = namesPerProcess;
    }

    /** Returns the names of {@code process}; null if the process is not known. */
    @Nullable
    ProcessNames find(long process) {
        return processes.get(process);
    }

    /** Returns the names of {@code process}, which need not be known yet. */
    ProcessNames get(long process) {
        ProcessNames known = processes.get(process);
        return known != null
                ? known
                : processes.computeIfAbsent(process, key -> new ProcessNames(null, namesPerProcess));
    }

    /** Records that {@code parent} forked {@code process}. */
    void forked(long process, long parent) {
        processes.putIfAbsent(process, new ProcessNames(get(parent), namesPerProcess));
    }

    /** Records that {@code process} has ended, and forgets the one that ended first if there are too many. */
    void ended(long process) {
        if (process == SELF || !processes.containsKey(process)) {
            return;
        }
        ended.add(process);
        if (endedCount.incrementAndGet() > MAX_ENDED) {
            Long oldest = ended.poll();
            endedCount.decrementAndGet();
            if (oldest != null) {
                processes.remove(oldest);
            }
        }
    }
}
