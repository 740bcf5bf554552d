package io.schedtrace.export;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Writes numbers into JSON objects: {@code null} for what is not known. */
final class JsonNumbers {
    private JsonNumbers() {}

    static void write(JsonGenerator json, String name, @Nullable Number value) throws IOException {
        if (value == null) {
            json.writeNullField(name);
        } else {
            json.writeNumberField(name, value.longValue());
        }
    }

    /** A user or group id, as the kernel counts them. */
    static void unsigned(JsonGenerator json, String name, @Nullable Integer value) throws IOException {
        write(json, name, value == null ? null : Integer.toUnsignedLong(value));
    }

    static void nanos(JsonGenerator json, String name, @Nullable Duration value) throws IOException {
        write(json, name, value == null ? null : value.toNanos());
    }
}
