package io.schedtrace.internal.assemble;

import io.schedtrace.internal.record.TraceRecord.ConnectionChanged;
import io.schedtrace.internal.record.TraceRecord.ConnectionEnd;
import io.schedtrace.internal.record.TraceRecord.Traffic;
import io.schedtrace.model.HostName;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TcpSpan.Counters;
import io.schedtrace.model.TcpSpan.Outcome;
import io.schedtrace.model.TcpSpan.Role;
import io.schedtrace.model.TraceId;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of one end of a connection so far: its last record holds everything. */
final class ConnectionState {
    final SpanId spanId;

    @Nullable
    ConnectionState peer;

    private final @Nullable NetworkInterface zone;
    private ConnectionChanged last;

    /** Names of the two addresses. */
    record Names(List<HostName> local, List<HostName> peer) {}

    /** The spans around this one. */
    record Family(@Nullable SpanId parent, @Nullable SpanId process) {}

    /** @param zone the interface that link-local addresses belong to, if it is known */
    ConnectionState(SpanId spanId, ConnectionChanged first, @Nullable NetworkInterface zone) {
        this.spanId = spanId;
        this.zone = zone;
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
        long pid = last.header().pid();
        ConnectionEnd ending = last.end();
        Traffic traffic = last.traffic();
        return TcpSpan.builder()
                .traceId(traceId)
                .spanId(spanId)
                .parentSpanId(family.parent)
                .processSpanId(family.process)
                .pid(pid == 0 ? null : pid)
                .role(server() ? Role.SERVER : Role.CLIENT)
                .local(Zone.named(last.local(), zone))
                .peer(Zone.named(last.peer(), zone))
                .localHosts(names.local)
                .peerHosts(names.peer)
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
                .complete(ending != null && !ending.lossy())
                .build();
    }

    private static Counters counters(Traffic traffic) {
        Integer rttMicros = traffic.rttMicros();
        return Counters.builder()
                .bytesSent(traffic.bytesSent())
                .bytesReceived(traffic.bytesReceived())
                .retransmits(traffic.retransmits())
                .rtt(rttMicros == null ? null : Duration.ofNanos(rttMicros * 1000L))
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
