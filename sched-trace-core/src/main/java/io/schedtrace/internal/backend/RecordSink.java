package io.schedtrace.internal.backend;

import io.schedtrace.internal.record.TraceRecord;

/** Takes the records of one feed, one at a time, in their order. */
public interface RecordSink {
    /** Takes the next record. Called on the thread that drains. */
    void accept(TraceRecord record);

    /** Called by the feed's own reader when it has drained what there was: counts and losses may have changed. */
    void drained();
}
