package io.schedtrace.model;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of a span's builder that all kinds of spans share.
 *
 * @param <F> the properties of the kind
 * @param <B> the builder of the kind
 */
abstract class SpanBuilder<F extends SpanBuilder.SpanFields, B extends SpanBuilder<F, B>> extends FieldsBuilder<F> {
    /** The trace of spans that are built without one, so that they belong together. */
    static final TraceId SAMPLE_TRACE = new TraceId(0, 1);

    SpanBuilder(F fields) {
        super(fields);
    }

    @SuppressWarnings("unchecked")
    final B self() {
        return (B) this;
    }

    /** Sets the trace. By default, all builders use the same one. */
    public B traceId(TraceId value) {
        edit().traceId = value;
        return self();
    }

    /** Sets the span's own id; random by default. */
    public B spanId(SpanId value) {
        edit().spanId = value;
        return self();
    }

    /** Sets the span above; none by default. */
    public B parentSpanId(@Nullable SpanId value) {
        edit().parentSpanId = value;
        return self();
    }

    /** Sets the beginning; 1970-01-01T00:00:00Z by default. */
    public B startTime(Instant value) {
        edit().startTime = value;
        return self();
    }

    /** Sets the end; by default the span is still open. */
    public B endTime(@Nullable Instant value) {
        edit().endTime = value;
        return self();
    }

    /** Sets the duration; by default the time between start and end, or zero while the span is open. */
    public B duration(Duration value) {
        edit().duration = value;
        return self();
    }

    /** Sets whether everything is known; by default true for a span that has ended. */
    public B complete(boolean value) {
        edit().complete = value;
        return self();
    }

    /** The shared properties, and those of the kind. */
    abstract static class SpanFields extends Fields {
        TraceId traceId = SAMPLE_TRACE;

        @Nullable
        SpanId spanId;

        @Nullable
        SpanId parentSpanId;

        Instant startTime = Instant.EPOCH;

        @Nullable
        Instant endTime;

        @Nullable
        Duration duration;

        @Nullable
        Boolean complete;

        @Override
        boolean isWhole() {
            return spanId != null && duration != null && complete != null;
        }

        /** Returns the properties that only this kind has. */
        abstract List<@Nullable Object> ownValues();

        @Override
        final List<@Nullable Object> values() {
            List<@Nullable Object> values = new ArrayList<>(
                    Arrays.asList(traceId, spanId, parentSpanId, startTime, endTime, duration, complete));
            values.addAll(ownValues());
            return values;
        }

        /** Sets what the caller has not. */
        final void setDefaults() {
            spanId = spanId == null ? SpanId.random() : spanId;
            if (duration == null) {
                duration = endTime == null ? Duration.ZERO : Duration.between(startTime, endTime);
            }
            complete = complete == null ? Boolean.valueOf(endTime != null) : complete;
        }
    }
}
