package io.schedtrace.export;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamReadException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object whose fields are taken one by one. What is left is not known to the reader. A value is null, a {@link
 * Boolean}, a {@link String}, a {@link Number}, a {@link List}, or a {@link Map} with the fields of an object.
 */
final class JsonObject {
    private static final int DEEPEST = 32;
    private static final int LONGEST_NUMBER = 100;
    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxNumberLength(LONGEST_NUMBER)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final String what;
    private final Map<String, @Nullable Object> fields;

    /** The digits of a number, as they are written. */
    private record Number(String digits) {}

    private JsonObject(String what, Map<String, @Nullable Object> fields) {
        this.what = what;
        this.fields = fields;
    }

    /**
     * Reads one object.
     *
     * @param what what it is, for messages
     * @param most how many values it may have
     * @throws IllegalArgumentException if the characters are anything else; the message says what is wrong
     */
    static JsonObject parse(String what, char[] characters, int length, long most) {
        try (JsonParser parser = FACTORY.createParser(characters, 0, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("it is not a JSON object");
            }
            Map<String, @Nullable Object> fields = new Values(parser, most).object();
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException("something follows the JSON object");
            }
            return new JsonObject(what, fields);
        } catch (StreamReadException e) {
            throw new IllegalArgumentException("it is not valid JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new IllegalArgumentException("it is not valid JSON: " + e.getMessage(), e);
        }
    }

    /** Reads values, and counts them. */
    private static final class Values {
        private final JsonParser parser;
        private long left;

        Values(JsonParser parser, long most) {
            this.parser = parser;
            this.left = most;
        }

        Map<String, @Nullable Object> object() throws IOException {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                fields.put(name, value());
            }
            return fields;
        }

        private @Nullable Object value() throws IOException {
            if (--left < 0) {
                throw new IllegalArgumentException("it has too many values for the memory of this JVM");
            }
            return switch (parser.currentToken()) {
                case START_OBJECT -> object();
                case START_ARRAY -> {
                    List<@Nullable Object> elements = new ArrayList<>();
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        elements.add(value());
                    }
                    yield elements;
                }
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Number(parser.getText());
                case VALUE_TRUE -> true;
                case VALUE_FALSE -> false;
                case VALUE_NULL -> null;
                default -> parser.getText();
            };
        }
    }

    /** Writes a value. */
    static void write(@Nullable Object value, JsonGenerator json) throws IOException {
        if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            for (Map.Entry<?, ?> field : map.entrySet()) {
                json.writeFieldName((String) field.getKey());
                write(field.getValue(), json);
            }
            json.writeEndObject();
        } else if (value instanceof List<?> list) {
            json.writeStartArray();
            for (Object element : list) {
                write(element, json);
            }
            json.writeEndArray();
        } else if (value instanceof Number number) {
            json.writeNumber(number.digits);
        } else if (value instanceof Boolean bool) {
            json.writeBoolean(bool);
        } else if (value == null) {
            json.writeNull();
        } else {
            json.writeString((String) value);
        }
    }

    /** Returns the fields that nobody has taken. */
    Map<String, @Nullable Object> rest() {
        return fields;
    }

    /** Takes fields that say what others say, too. */
    void drop(String... names) {
        for (String name : names) {
            fields.remove(name);
        }
    }

    /** Takes a text; null if the field is null or not there. */
    @Nullable
    String text(String name) {
        Object value = fields.remove(name);
        if (value != null && !(value instanceof String)) {
            throw wrong(name, "a text");
        }
        return (String) value;
    }

    /** Takes a text that is a value of another type; null if the field is null or not there. */
    <T> @Nullable T parsed(String name, Function<String, T> parser) {
        String text = text(name);
        try {
            return text == null ? null : parser.apply(text);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("\"" + name + "\" of " + what + ": " + e.getMessage(), e);
        }
    }

    /** Takes a whole number; null if the field is null or not there. */
    @Nullable
    Long number(String name, long least, long most) {
        Object value = fields.remove(name);
        if (value == null) {
            return null;
        }
        try {
            long number = Long.parseLong(((Number) value).digits);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (ClassCastException | NumberFormatException e) {
            // As one that is out of range.
        }
        throw wrong(name, "a whole number from " + least + " to " + most);
    }

    /** Takes a boolean; false if the field is null or not there. */
    boolean bool(String name) {
        Object value = fields.remove(name);
        if (value != null && !(value instanceof Boolean)) {
            throw wrong(name, "true or false");
        }
        return Boolean.TRUE.equals(value);
    }

    /** Takes a list of texts; empty if the field is null or not there. */
    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (Object element : list(name)) {
            if (!(element instanceof String text)) {
                throw wrong(name, "a list of texts");
            }
            texts.add(text);
        }
        return List.copyOf(texts);
    }

    /** Takes a list of objects; empty if the field is null or not there. */
    <T> List<T> objects(String name, String each, Function<JsonObject, T> reader) {
        List<T> objects = new ArrayList<>();
        for (Object element : list(name)) {
            objects.add(reader.apply(asObject(name, "a list of objects", each, element)));
        }
        return List.copyOf(objects);
    }

    /** Takes an object; one without fields if the field is null or not there. */
    JsonObject object(String name) {
        Object value = fields.remove(name);
        return value == null
                ? new JsonObject(name, new LinkedHashMap<>())
                : asObject(name, "an object", '"' + name + '"', value);
    }

    @SuppressWarnings("unchecked")
    private JsonObject asObject(String name, String expected, String each, @Nullable Object value) {
        if (!(value instanceof Map)) {
            throw wrong(name, expected);
        }
        return new JsonObject(each, (Map<String, @Nullable Object>) value);
    }

    private List<?> list(String name) {
        Object value = fields.remove(name);
        if (value != null && !(value instanceof List)) {
            throw wrong(name, "a list");
        }
        return value == null ? List.of() : (List<?>) value;
    }

    /**
     * Returns what was taken from a field.
     *
     * @throws IllegalArgumentException if it is null
     */
    <T> T required(String name, @Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException(what + " has no \"" + name + '"');
        }
        return value;
    }

    private IllegalArgumentException wrong(String name, String expected) {
        return new IllegalArgumentException("\"" + name + "\" of " + what + " is not " + expected);
    }
}
