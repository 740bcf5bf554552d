package io.schedtrace.internal.assemble;

import io.schedtrace.internal.record.TraceRecord.ConnectionChanged;
import io.schedtrace.internal.record.TraceRecord.ConnectionEnd;
import io.schedtrace.internal.record.TraceRecord.Traffic;
import io.schedtrace.model.HostName;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TcpSpan.Outcome;
import io.schedtrace.model.TcpSpan.Role;
import io.schedtrace.model.TraceId;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of one end of a connection so far: its last record holds everything. */
final class ConnectionState {
    final SpanId spanId;

    @Nullable
    ConnectionState peer;

    private ConnectionChanged last;

    /** Names of the two addresses. */
    record Names(List<HostName> local, List<HostName> peer) {}

    /** The spans around this one. */
    record Family(@Nullable SpanId parent, @Nullable SpanId process) {}

    ConnectionState(SpanId spanId, ConnectionChanged first) {
        this.spanId = spanId;
        this.last = first;
    }

    void update(ConnectionChanged record) {
        last = record;
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

    TcpSpan span(TraceId traceId, Family family, Names names, WallClock clock, long now) {
        long end = last.endTime();
        ConnectionEnd ending = last.end();
        Traffic traffic = last.traffic();
        return new TcpSpan(
                traceId,
                spanId,
                family.parent,
                family.process,
                last.header().pid(),
                server() ? Role.SERVER : Role.CLIENT,
                last.local(),
                last.peer(),
                names.local,
                names.peer,
                clock.at(last.start()),
                last.isEstablished() ? clock.at(last.established()) : null,
                end == 0 ? null : clock.at(end),
                Duration.ofNanos((end == 0 ? Math.max(now, last.start()) : end) - last.start()),
                traffic == null ? 0 : traffic.bytesSent(),
                traffic == null ? 0 : traffic.bytesReceived(),
                traffic == null ? 0 : traffic.retransmits(),
                Duration.ofNanos(traffic == null || traffic.rttMicros() == null ? 0 : traffic.rttMicros() * 1000L),
                outcome(),
                ending == null || ending.error() == null
                        ? null
                        : Errno.of(ending.error()).name(),
                peer == null ? null : peer.spanId,
                ending != null && !ending.lossy());
    }

    private Outcome outcome() {
        ConnectionEnd ending = last.end();
        if (ending == null) {
            return last.closing() == 0 ? Outcome.OPEN : Outcome.CLOSING;
        }
        if (ending.error() != null) {
            return Errno.of(ending.error()).outcome();
        }
        if (ending.aborted()) {
            return Outcome.RESET;
        }
        return ending.unanswered() ? Outcome.ABANDONED : Outcome.CLOSED;
    }
}
