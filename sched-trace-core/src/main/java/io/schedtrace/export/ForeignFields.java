package io.schedtrace.export;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a reader has found in a file and does not know: fields that a later version has added, and lines of other types.
 * They are written as they were read. A field belongs to the object that was read, not to objects that equal it.
 */
final class ForeignFields {
    /** The owners of what the first and the last line have. */
    static final Object HEADER = "header";

    static final Object TRACE = "trace";

    private final Map<Object, Map<String, @Nullable Object>> fields = new IdentityHashMap<>();
    private final List<Map<String, @Nullable Object>> lines = new ArrayList<>();

    /** Remembers the fields of {@code object} that nobody has taken, as those of {@code owner}. */
    void add(Object owner, JsonObject object) {
        if (!object.rest().isEmpty()) {
            fields.put(owner, object.rest());
        }
    }

    /** Remembers a line of a type that is not known. */
    void addLine(String type, JsonObject line) {
        Map<String, @Nullable Object> whole = new LinkedHashMap<>();
        whole.put("type", type);
        whole.putAll(line.rest());
        lines.add(whole);
    }

    /** Returns the lines of types that are not known, without their ends. */
    List<String> lines() {
        return lines.stream()
                .map(line -> JsonFormat.line(json -> JsonObject.write(line, json)))
                .toList();
    }

    /** Writes the fields of {@code owner}, into the object that is being written. */
    void write(Object owner, JsonGenerator json) throws IOException {
        Map<String, @Nullable Object> own = fields.get(owner);
        if (own != null) {
            for (Map.Entry<String, @Nullable Object> field : own.entrySet()) {
                json.writeFieldName(field.getKey());
                JsonObject.write(field.getValue(), json);
            }
        }
    }
}
