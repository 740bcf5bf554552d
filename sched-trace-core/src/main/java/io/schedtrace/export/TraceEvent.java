package io.schedtrace.export;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Writes one event of the Trace Event Format; {@link #close} ends it. Values may be numbers, booleans and texts. */
final class TraceEvent implements AutoCloseable {
    private static final int NANOSECOND_DIGITS = 3;

    private final JsonGenerator json;
    private boolean inArguments;

    /**
     * Begins an event.
     *
     * @param phase the letter of the kind of event
     * @param track the number of the process and of its only thread
     * @param nanos the time after the start of the trace
     */
    TraceEvent(JsonGenerator json, String phase, String name, String category, long track, long nanos)
            throws IOException {
        this.json = json;
        json.writeStartObject();
        json.writeStringField("ph", phase);
        json.writeStringField("name", name);
        json.writeStringField("cat", category);
        json.writeNumberField("pid", track);
        json.writeNumberField("tid", track);
        json.writeNumberField("ts", micros(nanos));
    }

    /** A field of the event itself. */
    TraceEvent with(String field, Object value) throws IOException {
        if (inArguments) {
            throw new IllegalStateException("fields come before arguments");
        }
        write(field, value);
        return this;
    }

    /** How long a complete event lasts. */
    TraceEvent lasting(long nanos) throws IOException {
        return with("dur", micros(nanos));
    }

    /** One of the event's arguments; null for none. */
    TraceEvent argument(String name, @Nullable Object value) throws IOException {
        if (value != null) {
            if (!inArguments) {
                json.writeObjectFieldStart("args");
                inArguments = true;
            }
            write(name, value);
        }
        return this;
    }

    @Override
    public void close() throws IOException {
        if (inArguments) {
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private void write(String field, Object value) throws IOException {
        json.writeFieldName(field);
        if (value instanceof BigDecimal decimal) {
            json.writeNumber(decimal);
        } else if (value instanceof Number number) {
            json.writeNumber(number.longValue());
        } else if (value instanceof Boolean bool) {
            json.writeBoolean(bool);
        } else {
            json.writeString(value.toString());
        }
    }

    private static BigDecimal micros(long nanos) {
        return BigDecimal.valueOf(nanos, NANOSECOND_DIGITS);
    }
}
