package io.schedtrace.internal.assemble;

import io.schedtrace.internal.record.TraceRecord.ConnectionChanged;
import io.schedtrace.internal.record.TraceRecord.ConnectionEnd;
import io.schedtrace.internal.record.TraceRecord.Traffic;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TcpSpan.Counters;
import io.schedtrace.model.TcpSpan.Outcome;
import io.schedtrace.model.TcpSpan.Role;
import java.net.NetworkInterface;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What is known of one end of a connection so far: its last record holds everything. */
final class ConnectionState {
    final SpanId spanId;

    @Nullable
    ConnectionState peer;

    private final @Nullable NetworkInterface zone;
    private ConnectionChanged last;
    private long owner;
    private @Nullable SpanId ownerSpan;

    /** @param zone the interface that link-local addresses belong to, if it is known */
    ConnectionState(SpanId spanId, ConnectionChanged first, @Nullable NetworkInterface zone) {
        this.spanId = spanId;
        this.zone = zone;
        this.last = first;
    }

    void update(ConnectionChanged record) {
        last = record;
    }

    /** Notes the span of the owner, which may be let go before the connection. */
    void ownedBy(long process, @Nullable SpanId span) {
        if (span != null || process != owner) {
            owner = process;
            ownerSpan = span;
        }
    }

    /** The span of the owner; null if it is not in the trace. */
    @Nullable
    SpanId ownerSpan() {
        return ownerSpan;
    }

    ConnectionChanged last() {
        return last;
    }

    boolean server() {
        return last.server();
    }

    boolean hasEnded() {
        return last.end() != null;
    }

    /** Returns a span that has all but the trace, the spans around it, and the names of its addresses. */
    TcpSpan.Builder span(WallClock clock, long now) {
        long end = last.endTime();
        long pid = last.header().pid();
        ConnectionEnd ending = last.end();
        Traffic traffic = last.traffic();
        return TcpSpan.builder()
                .spanId(spanId)
                .pid(pid == 0 ? null : pid)
                .role(server() ? Role.SERVER : Role.CLIENT)
                .local(Zone.named(last.local(), zone))
                .peer(Zone.named(last.peer(), zone))
                .startTime(clock.at(last.start()))
                .establishedTime(last.isEstablished() ? clock.at(last.established()) : null)
                .endTime(end == 0 ? null : clock.at(end))
                .duration(Duration.ofNanos((end == 0 ? Math.max(now, last.start()) : end) - last.start()))
                .counters(traffic == null ? null : counters(traffic))
                .outcome(outcome())
                .error(
                        ending == null || ending.error() == null
                                ? null
                                : Errno.of(ending.error()).name())
                .peerSpanId(peer == null ? null : peer.spanId)
                .complete(ending != null && !ending.lossy());
    }

    private static Counters counters(Traffic traffic) {
        return Counters.builder()
                .bytesSent(traffic.bytesSent())
                .bytesReceived(traffic.bytesReceived())
                .retransmits(traffic.retransmits())
                .rtt(traffic.rtt())
                .build();
    }

    private Outcome outcome() {
        ConnectionEnd ending = last.end();
        if (ending == null) {
            return last.closing() == 0 ? Outcome.OPEN : Outcome.CLOSING;
        }
        if (ending.error() != null) {
            return ending.unanswered() && Errno.isLocalAbort(ending.error())
                    ? Outcome.ABANDONED
                    : Errno.of(ending.error()).outcome();
        }
        if (ending.aborted()) {
            return Outcome.RESET;
        }
        return ending.unanswered() ? Outcome.ABANDONED : Outcome.CLOSED;
    }
}
