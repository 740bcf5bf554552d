package io.schedtrace.model;

import io.schedtrace.model.TcpSpan.Counters;
import io.schedtrace.model.TcpSpan.Outcome;
import io.schedtrace.model.TcpSpan.Role;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The properties of a {@link TcpSpan}, and the methods of its builder that set them. */
abstract class TcpSpanBuilder extends SpanBuilder<TcpSpanBuilder.Properties, TcpSpan.Builder> {
    TcpSpanBuilder(Properties fields) {
        super(fields);
    }

    /** Sets the owner: the trace, the parent span, the span of the process and {@code pid}. */
    public TcpSpan.Builder process(ProcessSpan owner) {
        return traceId(owner.traceId())
                .parentSpanId(owner.spanId())
                .processSpanId(owner.spanId())
                .pid(owner.pid());
    }

    public TcpSpan.Builder processSpanId(@Nullable SpanId value) {
        edit().processSpanId = value;
        return self();
    }

    public TcpSpan.Builder pid(@Nullable Long value) {
        edit().pid = value;
        return self();
    }

    public TcpSpan.Builder role(Role value) {
        edit().role = value;
        return self();
    }

    public TcpSpan.Builder local(InetSocketAddress value) {
        edit().local = value;
        return self();
    }

    public TcpSpan.Builder peer(InetSocketAddress value) {
        edit().peer = value;
        return self();
    }

    public TcpSpan.Builder localHosts(List<HostName> value) {
        edit().localHosts = List.copyOf(value);
        return self();
    }

    public TcpSpan.Builder peerHosts(List<HostName> value) {
        edit().peerHosts = List.copyOf(value);
        return self();
    }

    public TcpSpan.Builder establishedTime(@Nullable Instant value) {
        edit().establishedTime = value;
        return self();
    }

    public TcpSpan.Builder counters(@Nullable Counters value) {
        edit().counters = value;
        return self();
    }

    public TcpSpan.Builder outcome(Outcome value) {
        edit().outcome = value;
        return self();
    }

    public TcpSpan.Builder error(@Nullable String value) {
        edit().error = value;
        return self();
    }

    public TcpSpan.Builder peerSpanId(@Nullable SpanId value) {
        edit().peerSpanId = value;
        return self();
    }

    /** The properties. */
    static final class Properties extends SpanFields {
        private static final InetSocketAddress UNKNOWN = new InetSocketAddress(0);

        @Nullable
        SpanId processSpanId;

        @Nullable
        Long pid;

        Role role = Role.CLIENT;
        InetSocketAddress local = UNKNOWN;

        @Nullable
        InetSocketAddress peer;

        List<HostName> localHosts = List.of();
        List<HostName> peerHosts = List.of();

        @Nullable
        Instant establishedTime;

        @Nullable
        Counters counters;

        @Nullable
        Outcome outcome;

        @Nullable
        String error;

        @Nullable
        SpanId peerSpanId;

        @Override
        List<@Nullable Object> ownValues() {
            return Arrays.asList(
                    processSpanId,
                    pid,
                    role,
                    local,
                    peer,
                    localHosts,
                    peerHosts,
                    establishedTime,
                    counters,
                    outcome,
                    error,
                    peerSpanId);
        }

        @Override
        boolean isWhole() {
            return super.isWhole() && outcome != null;
        }

        void complete() {
            setDefaults();
            Fields.require(peer, "TcpSpan", "peer");
            outcome = outcome != null ? outcome : endTime != null ? Outcome.CLOSED : Outcome.OPEN;
        }
    }
}
