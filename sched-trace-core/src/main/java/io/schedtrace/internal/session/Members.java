package io.schedtrace.internal.session;

import io.schedtrace.internal.assemble.SpanAssembler;
import io.schedtrace.internal.backend.BackendException;
import io.schedtrace.internal.backend.Feed;
import io.schedtrace.internal.record.RecordType;
import java.util.Map;
import java.util.Set;

/** The processes of a session that have not ended, by their ids in the pid namespace of this JVM. */
final class Members {
    private final Feed feed;
    private final SpanAssembler assembler;
    private final MissedProcesses missed;

    Members(Feed feed, SpanAssembler assembler, MissedProcesses missed) {
        this.feed = feed;
        this.assembler = assembler;
        this.missed = missed;
    }

    /**
     * Tells them by the records, which is quicker, or by the producer if records have been lost and it still runs.
     *
     * @throws BackendException if the producer cannot list them, as for want of a file descriptor
     */
    Set<Long> now() {
        feed.drain();
        if (feed.cut() != null) {
            return assembler.alive();
        }
        Map<RecordType, Long> lost = feed.lost();
        boolean known = missed.count() == 0
                && feed.untracked() == 0
                && !lost.containsKey(RecordType.PROCESS_START)
                && !lost.containsKey(RecordType.PROCESS_END);
        return known ? assembler.alive() : feed.members();
    }
}
