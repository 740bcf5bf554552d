package io.schedtrace.internal.session;

import io.schedtrace.internal.assemble.SpanAssembler;
import io.schedtrace.internal.backend.Feed;
import io.schedtrace.internal.record.RecordType;
import java.util.HashSet;
import java.util.Set;

/**
 * Counts the processes that have ended without a record of it.
 *
 * <p>A process that does not exist any more has ended. If no record says so, the record was lost, which the feed
 * counts, or the producer has missed the end: the kernel may leave a BPF program out, and a process may go on as a
 * thread without a tag. A missed end counts as a lost record once two looks in a row have found the process gone.
 */
final class MissedProcesses {
    private final SpanAssembler assembler;
    private final Feed feed;

    /** The processes that did not exist at the last look. */
    private Set<Long> gone = new HashSet<>();

    private volatile long count;

    MissedProcesses(SpanAssembler assembler, Feed feed) {
        this.assembler = assembler;
        this.feed = feed;
    }

    /** How many processes have ended unseen, by the last look. */
    long count() {
        return count;
    }

    /** Whether no process exists of which no end is recorded. */
    boolean allAreGone() {
        return assembler.followed().stream().noneMatch(feed::exists);
    }

    /** Looks which processes still exist. */
    synchronized void look() {
        Set<Long> now = assembler.followed();
        now.removeIf(feed::exists);
        feed.drain();
        now.retainAll(assembler.followed());
        gone.retainAll(now);
        long lost = feed.lost().getOrDefault(RecordType.PROCESS_END, 0L);
        count = Math.max(0, gone.size() - lost);
        gone = now;
    }
}
