package io.schedtrace.internal.assemble;

import static io.schedtrace.bpf.RecordLayout.ABORTED;
import static io.schedtrace.bpf.RecordLayout.CONNECTION_END;
import static io.schedtrace.bpf.RecordLayout.LOSSY;
import static io.schedtrace.bpf.RecordLayout.SERVER;

import io.schedtrace.internal.record.KernelRecord.Connection;
import io.schedtrace.model.HostName;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TcpSpan.Counters;
import io.schedtrace.model.TcpSpan.Outcome;
import io.schedtrace.model.TcpSpan.Role;
import io.schedtrace.model.TraceId;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of one end of a connection so far: its last record holds everything. */
final class ConnectionState {
    private static final int TCP_SYN_SENT = 2;

    final SpanId spanId;

    @Nullable
    ConnectionState peer;

    private Connection last;

    /** Names of the two addresses. */
    record Names(List<HostName> local, List<HostName> peer) {}

    /** The spans around this one. */
    record Family(@Nullable SpanId parent, @Nullable SpanId process) {}

    ConnectionState(SpanId spanId, Connection first) {
        this.spanId = spanId;
        this.last = first;
    }

    void update(Connection record) {
        last = record;
    }

    Connection last() {
        return last;
    }

    boolean server() {
        return last.header().has(SERVER);
    }

    boolean hasEnded() {
        return last.header().type() == CONNECTION_END;
    }

    TcpSpan span(TraceId traceId, Family family, Names names, WallClock clock, long now) {
        long end = hasEnded() ? last.header().time() : last.closing();
        long pid = last.header().pid();
        return TcpSpan.builder()
                .traceId(traceId)
                .spanId(spanId)
                .parentSpanId(family.parent)
                .processSpanId(family.process)
                .pid(pid == 0 ? null : pid)
                .role(server() ? Role.SERVER : Role.CLIENT)
                .local(last.local())
                .peer(last.peer())
                .localHosts(names.local)
                .peerHosts(names.peer)
                .startTime(clock.at(last.start()))
                .establishedTime(last.established() == 0 ? null : clock.at(last.established()))
                .endTime(end == 0 ? null : clock.at(end))
                .duration(Duration.ofNanos((end == 0 ? Math.max(now, last.start()) : end) - last.start()))
                .counters(end == 0 ? null : counters())
                .outcome(outcome())
                .error(
                        last.error() == 0 || !hasEnded()
                                ? null
                                : Errno.of(last.error()).name())
                .peerSpanId(peer == null ? null : peer.spanId)
                .complete(hasEnded() && !last.header().has(LOSSY))
                .build();
    }

    private Counters counters() {
        return Counters.builder()
                .bytesSent(last.bytesSent())
                .bytesReceived(last.bytesReceived())
                .retransmits(last.retransmits())
                .rtt(last.rttMicros() == 0 ? null : Duration.ofNanos(last.rttMicros() * 1000L))
                .build();
    }

    private Outcome outcome() {
        if (!hasEnded()) {
            return last.closing() == 0 ? Outcome.OPEN : Outcome.CLOSING;
        }
        if (last.error() != 0) {
            return Errno.of(last.error()).outcome();
        }
        if (last.header().has(ABORTED)) {
            return Outcome.RESET;
        }
        return last.state() == TCP_SYN_SENT ? Outcome.ABANDONED : Outcome.CLOSED;
    }
}
