package io.schedtrace.internal.session;

import io.schedtrace.internal.assemble.SpanAssembler;
import io.schedtrace.internal.backend.Feed;
import io.schedtrace.internal.record.RecordType;
import io.schedtrace.model.Loss;
import java.util.Map;
import java.util.TreeMap;

/** Adds up what a session has lost, and tells the listeners when that has grown. */
final class LossReport {
    private final Feed feed;
    private final SpanAssembler assembler;
    private final MissedProcesses missed;
    private final Mailboxes mailboxes;
    private long told;

    LossReport(Feed feed, SpanAssembler assembler, MissedProcesses missed, Mailboxes mailboxes) {
        this.feed = feed;
        this.assembler = assembler;
        this.missed = missed;
        this.mailboxes = mailboxes;
    }

    /** What has been lost since the session began. */
    Loss now() {
        Map<String, Long> records = new TreeMap<>();
        feed.lost().forEach((type, count) -> records.put(type.label(), count));
        if (missed.count() > 0) {
            records.merge(RecordType.PROCESS_END.label(), missed.count(), Long::sum);
        }
        return Loss.builder()
                .recordsByType(records)
                .untracked(feed.untracked())
                .truncated(feed.truncated() + assembler.shortened())
                .listenerEvents(mailboxes.dropped())
                .cut(feed.cut())
                .build();
    }

    /** Tells the listeners if more records or processes have been lost than they know of. */
    synchronized void tell() {
        if (!mailboxes.wanted()) {
            return;
        }
        Loss loss = now();
        if (loss.records() + loss.untracked() > told) {
            told = loss.records() + loss.untracked();
            mailboxes.publish(listener -> listener.recordsLost(loss));
        }
    }
}
