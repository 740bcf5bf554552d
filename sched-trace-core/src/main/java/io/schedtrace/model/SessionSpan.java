package io.schedtrace.model;

import io.schedtrace.internal.text.Printable;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A session as a span of its own: what this JVM did between the session's beginning and its end, for example a test.
 * It is the parent of the processes that were started in the session, and of the connections of its threads. {@link
 * io.schedtrace.ProcessTreeTracer.Builder#sessionName} makes one.
 *
 * <p>Immutable and safe for use by any thread. Tests can build one:
 *
 * <pre>{@code
 * SessionSpan.builder().name("nightly backup").endTime(Instant.EPOCH.plusSeconds(3)).build()
 * }</pre>
 */
public final class SessionSpan extends Span {
    private final Properties fields;

    private SessionSpan(Properties fields) {
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
        return visitor.session(this);
    }

    /** What the session is, for people, such as the display name of a test. */
    public String name() {
        return Fields.known(fields.name);
    }

    /** Returns the properties, for people: redacted by {@link Redactor#standard()}, control characters escaped. */
    @Override
    public String toString() {
        return Printable.escape("SessionSpan[name=" + Redactor.standard().text(name()) + ", startTime=" + startTime()
                + ", duration=" + duration()
                + ", complete=" + complete() + ", spanId=" + spanId() + ", parentSpanId=" + parentSpanId()
                + ", traceId=" + traceId() + "]");
    }

    /** The properties. */
    static final class Properties extends SpanBuilder.SpanFields {
        private @Nullable String name;

        @Override
        List<@Nullable Object> ownValues() {
            return Arrays.asList(name);
        }
    }

    /** Builds a span. {@code name} is required; by default the session is open. Not safe for use by several threads. */
    public static final class Builder extends SpanBuilder<Properties, Builder> {
        private Builder(Properties fields) {
            super(fields);
        }

        public Builder name(String value) {
            edit().name = value;
            return this;
        }

        /**
         * Returns the span.
         *
         * @throws IllegalStateException if something required is missing; the message names it
         */
        public SessionSpan build() {
            Properties fields = give();
            fields.setDefaults();
            Fields.require(fields.name, "SessionSpan", "name");
            return new SessionSpan(fields);
        }
    }
}
