package io.schedtrace.model;

import io.schedtrace.internal.text.Addresses;
import io.schedtrace.internal.text.Constants;
import io.schedtrace.internal.text.Printable;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One end of a TCP connection, from the first SYN (client) or the completed handshake (server) to the end of the
 * kernel's socket, or to the local close if the peer has not answered that ({@link Outcome#CLOSING}).
 *
 * <p>Its {@link #parentSpanId()} is the span of the owning process; for the server's end of a connection whose client
 * is in the same trace, it is the span of the client's end.
 *
 * <p>Immutable and safe for use by any thread. What is not known is null. Tests can build one:
 *
 * <pre>{@code
 * TcpSpan.builder().process(curl).peer(new InetSocketAddress("127.0.0.1", 1)).outcome(Outcome.REFUSED).build()
 * }</pre>
 */
public final class TcpSpan extends Span {
    private final TcpSpanBuilder.Properties fields;

    private TcpSpan(TcpSpanBuilder.Properties fields) {
        super(fields);
        this.fields = fields;
    }

    /** The side of a connection. */
    public enum Role {
        /** The side that connected. */
        CLIENT,
        /** The side that accepted. */
        SERVER
    }

    /** How a connection ended. */
    public enum Outcome {
        /** It was still open. */
        OPEN,
        /** This side has closed, the peer has not acknowledged that (yet). */
        CLOSING,
        /** Both sides closed in order. */
        CLOSED,
        /** The peer refused the connection. */
        REFUSED,
        /** One of the sides aborted it with RST; {@link TcpSpan#error()} is null where this side did. */
        RESET,
        /** The peer did not answer within the kernel's time limit. */
        TIMED_OUT,
        /** This side closed it before the peer had answered: another address was quicker, a time limit was short. */
        ABANDONED,
        /** The network reported that the peer cannot be reached. */
        UNREACHABLE,
        /** It failed in another way; {@link TcpSpan#error()} tells which. */
        FAILED,
    }

    /** The address family. */
    public enum Family {
        /** IPv4, IPv4-mapped IPv6 addresses included. */
        IPV4,
        /** IPv6. */
        IPV6
    }

    /** Returns a builder with the defaults that it describes. */
    public static Builder builder() {
        return new Builder(new TcpSpanBuilder.Properties());
    }

    /** Returns a builder with the properties of this span. */
    public Builder toBuilder() {
        return new Builder(Fields.copy(fields));
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.connection(this);
    }

    /**
     * The span of the owning process: the one that connected, or, for a server, the one that closed the connection
     * (before that, the one that listened); null if the owner is not in the trace, such as the JVM that runs the test.
     */
    public @Nullable SpanId processSpanId() {
        return fields.processSpanId;
    }

    /** The process id of the owner, as {@link ProcessSpan#pid()}. */
    public @Nullable Long pid() {
        return fields.pid;
    }

    /** Which end this is. */
    public Role role() {
        return fields.role;
    }

    /** The address of this end. Its port is 0 if the kernel had not chosen one when the connection failed. */
    public InetSocketAddress local() {
        return fields.local;
    }

    /** The address of the other end. A link-local one has a zone: the interface if it is known, else its index. */
    public InetSocketAddress peer() {
        return Fields.known(fields.peer);
    }

    /** The names of the local address, best first; empty if none is known. */
    public List<HostName> localHosts() {
        return fields.localHosts;
    }

    /** The names of the peer's address, best first; empty if none is known. */
    public List<HostName> peerHosts() {
        return fields.peerHosts;
    }

    /** When the handshake was done; null if it was not. */
    public @Nullable Instant establishedTime() {
        return fields.establishedTime;
    }

    /** What the connection carried; null until this side closes, which is when the kernel is asked. */
    public @Nullable Counters counters() {
        return fields.counters;
    }

    /** How it ended. */
    public Outcome outcome() {
        return Fields.known(fields.outcome);
    }

    /** The name of the socket's error, such as {@code ECONNREFUSED}; null if there was none. */
    public @Nullable String error() {
        return fields.error;
    }

    /** The span of the other end; null if that is not in the same trace. */
    public @Nullable SpanId peerSpanId() {
        return fields.peerSpanId;
    }

    /** The address family of {@link #peer()}. */
    public Family family() {
        return peer().getAddress() instanceof Inet4Address ? Family.IPV4 : Family.IPV6;
    }

    /** The best name of the peer, else its address in numbers; for people. */
    public String peerName() {
        return peerHosts().isEmpty()
                ? Addresses.format(peer().getAddress())
                : peerHosts().get(0).name();
    }

    /** How it ended, in words for people: {@code closed}, {@code timed out}, {@code refused (ECONNREFUSED)}. */
    public String describeOutcome() {
        String words = Constants.words(outcome());
        return error() == null ? words : words + " (" + Printable.escape(error()) + ")";
    }

    /** The main properties, for people: control characters are escaped. */
    @Override
    public String toString() {
        return Printable.escape("TcpSpan[role=" + role() + ", local=" + Addresses.withPort(local()) + ", peer="
                + Addresses.withPort(peer()) + ", peerHosts=" + peerHosts() + ", startTime=" + startTime()
                + ", duration=" + duration() + ", outcome=" + outcome() + ", error=" + error() + ", counters="
                + counters() + ", complete=" + complete() + ", spanId=" + spanId() + ", parentSpanId=" + parentSpanId()
                + ", traceId=" + traceId() + "]");
    }

    /**
     * Builds a span. {@code peer} is required. By default it is a client's end from port 0 of any address, open if
     * there is no end and closed in order if there is one, and the rest is not known. Not safe for use by several
     * threads.
     */
    public static final class Builder extends TcpSpanBuilder {
        private Builder(TcpSpanBuilder.Properties fields) {
            super(fields);
        }

        /**
         * Returns the span.
         *
         * @throws IllegalStateException if something required is missing; the message names it
         */
        public TcpSpan build() {
            TcpSpanBuilder.Properties fields = give();
            fields.complete();
            return new TcpSpan(fields);
        }
    }

    /**
     * What one end of a connection has carried, by the kernel's count. Tests can build one: {@code
     * Counters.builder().bytesSent(78).bytesReceived(5_120).build()}. Immutable and safe for use by any thread.
     */
    public static final class Counters {
        private final Properties fields;

        private Counters(Properties fields) {
            this.fields = fields;
        }

        /** Returns a builder with the defaults that it describes. */
        public static Builder builder() {
            return new Builder();
        }

        /** Payload bytes sent, retransmissions not included. */
        public long bytesSent() {
            return fields.bytesSent;
        }

        /** Payload bytes received in order. */
        public long bytesReceived() {
            return fields.bytesReceived;
        }

        /** How many segments were sent again; null if that is not known. */
        public @Nullable Integer retransmits() {
            return fields.retransmits;
        }

        /** The kernel's smoothed round-trip time; null if it has measured none. */
        public @Nullable Duration rtt() {
            return fields.rtt;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Counters counters && fields.equals(counters.fields);
        }

        @Override
        public int hashCode() {
            return fields.hashCode();
        }

        @Override
        public String toString() {
            return "Counters[bytesSent=" + bytesSent() + ", bytesReceived=" + bytesReceived() + ", retransmits="
                    + retransmits() + ", rtt=" + rtt() + "]";
        }

        /** The properties. */
        static final class Properties extends Fields {
            private long bytesSent;
            private long bytesReceived;
            private @Nullable Integer retransmits;
            private @Nullable Duration rtt;

            @Override
            List<@Nullable Object> values() {
                return Arrays.asList(bytesSent, bytesReceived, retransmits, rtt);
            }
        }

        /** Builds counters: no bytes, and the rest not known, unless set. Not safe for use by several threads. */
        public static final class Builder extends FieldsBuilder<Properties> {
            private Builder() {
                super(new Properties());
            }

            public Builder bytesSent(long value) {
                edit().bytesSent = value;
                return this;
            }

            public Builder bytesReceived(long value) {
                edit().bytesReceived = value;
                return this;
            }

            public Builder retransmits(@Nullable Integer value) {
                edit().retransmits = value;
                return this;
            }

            public Builder rtt(@Nullable Duration value) {
                edit().rtt = value;
                return this;
            }

            /** Returns the counters. */
            public Counters build() {
                return new Counters(give());
            }
        }
    }
}
