package io.schedtrace.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a user adds to a trace.
 *
 * @param name the name of the trace; null for none
 * @param attributes keys and values that every span carries, in this order. A key is made of letters, digits and {@code
 *     . _ -}
 */
public record Labels(@Nullable String name, Map<String, String> attributes) {
    /** None. */
    public static final Labels NONE = new Labels(null, Map.of());

    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._-]+");

    /**
     * Copies the map.
     *
     * @throws IllegalArgumentException if a key has other characters
     */
    public Labels {
        for (String key : attributes.keySet()) {
            if (!KEY.matcher(key).matches()) {
                throw new IllegalArgumentException(
                        "the key of an attribute has letters, digits, '.', '_' and '-' only: \"" + key + '"');
            }
        }
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    }

    /** Returns the labels with a redacted name and redacted values. */
    public Labels redacted(Redactor redactor) {
        Map<String, String> values = new LinkedHashMap<>(attributes);
        values.replaceAll((key, value) -> redactor.text(value));
        return new Labels(name == null ? null : redactor.text(name), values);
    }
}
