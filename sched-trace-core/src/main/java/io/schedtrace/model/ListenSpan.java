package io.schedtrace.model;

import io.schedtrace.internal.text.Addresses;
import io.schedtrace.internal.text.Printable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A TCP socket that listens, from listen(2) to its end, which is when its last descriptor is closed. Its {@link
 * #parentSpanId()} is the span of the process that called listen(2). Which processes inherited the socket is not known.
 *
 * <p>If listen(2) fails because another socket listens at the port, there is a span that ends at once: the kernel tries
 * it first.
 *
 * <p>Immutable and safe for use by any thread. What is not known is null. Tests can build one:
 *
 * <pre>{@code
 * ListenSpan.builder().process(redis).address(InetAddress.getLoopbackAddress()).port(6379).build()
 * }</pre>
 */
public final class ListenSpan extends Span {
    private final Properties fields;

    private ListenSpan(Properties fields) {
        super(fields);
        this.fields = fields;
    }

    /** Returns a builder with the defaults that it describes. */
    public static Builder builder() {
        return new Builder(new Properties());
    }

    /** Returns a builder with the properties of this span. */
    public Builder toBuilder() {
        return new Builder(Fields.copy(fields));
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.listener(this);
    }

    /** The span of the process that called listen(2); null if it is not in the trace, such as the tracing JVM. */
    public @Nullable SpanId processSpanId() {
        return fields.processSpanId;
    }

    /** The process id of that process, as {@link ProcessSpan#pid()}. */
    public @Nullable Long pid() {
        return fields.pid;
    }

    /** The local address: {@code 0.0.0.0} or {@code ::} for all. An IPv4-mapped IPv6 address is the IPv4 address. */
    public InetAddress address() {
        return Fields.known(fields.address);
    }

    /**
     * The local port. Null while the socket listens without bind(2), since the kernel chooses the port after it has told
     * that the socket listens; at the end it is known.
     */
    public @Nullable Integer port() {
        return fields.port;
    }

    /** Whether the socket listened until this snapshot was taken. */
    public boolean listening() {
        return endTime() == null;
    }

    /** The address and the port: {@code 127.0.0.1:80}, {@code [::]:80}, or {@code 0.0.0.0:?}; for people. */
    public String endpoint() {
        Integer port = port();
        String text = Addresses.withPort(new InetSocketAddress(address(), port == null ? 0 : port));
        return port == null ? text.substring(0, text.length() - 1) + "?" : text;
    }

    /** Returns the main properties, for people: control characters are escaped. */
    @Override
    public String toString() {
        return Printable.escape("ListenSpan[endpoint=" + endpoint() + ", pid=" + pid() + ", startTime=" + startTime()
                + ", duration=" + duration() + ", listening=" + listening() + ", complete=" + complete() + ", spanId="
                + spanId() + ", parentSpanId=" + parentSpanId() + ", traceId=" + traceId() + "]");
    }

    /** The properties. */
    static final class Properties extends SpanBuilder.SpanFields {
        private @Nullable SpanId processSpanId;
        private @Nullable Long pid;
        private @Nullable InetAddress address;
        private @Nullable Integer port;

        @Override
        List<@Nullable Object> ownValues() {
            return Arrays.asList(processSpanId, pid, address, port);
        }
    }

    /**
     * Builds a span. {@code address} is required. By default the socket still listens, and the rest is not known. Not safe
     * for use by several threads.
     */
    public static final class Builder extends SpanBuilder<Properties, Builder> {
        private Builder(Properties fields) {
            super(fields);
        }

        /** Sets the owner: the trace, the parent span, the span of the process and {@code pid}. */
        public Builder process(ProcessSpan owner) {
            return traceId(owner.traceId())
                    .parentSpanId(owner.spanId())
                    .processSpanId(owner.spanId())
                    .pid(owner.pid());
        }

        public Builder processSpanId(@Nullable SpanId value) {
            edit().processSpanId = value;
            return this;
        }

        public Builder pid(@Nullable Long value) {
            edit().pid = value;
            return this;
        }

        public Builder address(InetAddress value) {
            edit().address = value;
            return this;
        }

        public Builder port(@Nullable Integer value) {
            edit().port = value;
            return this;
        }

        /**
         * Returns the span.
         *
         * @throws IllegalStateException if something required is missing; the message names it
         */
        public ListenSpan build() {
            Properties copy = give();
            copy.setDefaults();
            Fields.require(copy.address, "ListenSpan", "address");
            return new ListenSpan(copy);
        }
    }
}
