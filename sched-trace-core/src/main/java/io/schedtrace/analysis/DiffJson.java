package io.schedtrace.analysis;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.schedtrace.analysis.TraceDiff.Change;
import io.schedtrace.internal.text.Constants;
import java.io.IOException;
import java.io.StringWriter;

/** A {@link TraceDiff} as JSON: {@code {"changes":[{"kind","path":[…],"before"|null,"after"|null}]}}. */
final class DiffJson {
    private static final JsonFactory FACTORY = new JsonFactory();

    private DiffJson() {}

    static String of(TraceDiff diff) throws IOException {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.writeStartObject();
            json.writeArrayFieldStart("changes");
            for (Change change : diff.changes()) {
                json.writeStartObject();
                json.writeStringField("kind", Constants.lower(change.kind()));
                json.writeArrayFieldStart("path");
                for (String line : change.path()) {
                    json.writeString(line);
                }
                json.writeEndArray();
                json.writeStringField("before", change.before());
                json.writeStringField("after", change.after());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return out.toString();
    }
}
