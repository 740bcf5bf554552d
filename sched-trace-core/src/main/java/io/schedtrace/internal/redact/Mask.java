package io.schedtrace.internal.redact;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Replaces the value of a secret. */
final class Mask {
    /** What is shown instead of a secret. */
    static final String MASK = "***";

    /** Values that tell nothing: switches, and {@code -} for standard input. */
    private static final Set<String> HARMLESS =
            Set.of("", "-", "true", "false", "yes", "no", "on", "off", "none", "null", MASK);

    private static final Pattern VARIABLE = Pattern.compile("\\$\\w*|\\$\\{\\w+}|\\$\\(.*|`.*");
    private static final Pattern REFERENCE = Pattern.compile("(?:file|env|fd):.+");

    /** An id of AWS, which is no secret: the key that belongs to it is. */
    private static final Pattern ACCESS_KEY_ID = Pattern.compile("A[KS]IA[A-Z0-9]{16}");

    /** The form that openssl(1) gives to passwords. */
    private static final String LITERAL = "pass:";

    private Mask() {}

    /**
     * Returns what is shown of a secret value. A harmless value is returned as it is.
     *
     * @param script whether the value stands in a shell script, where {@code $NAME} is not a value
     */
    static String value(String value, boolean script) {
        if (HARMLESS.contains(value.toLowerCase(Locale.ROOT))
                || (script && VARIABLE.matcher(value).matches())
                || REFERENCE.matcher(value).matches()
                || ACCESS_KEY_ID.matcher(value).matches()) {
            return value;
        }
        return value.startsWith(LITERAL) ? LITERAL + MASK : MASK;
    }

    /** Hides what follows the first {@code separator}; a value without one is no secret. */
    static String pair(String value, char separator, boolean script) {
        int end = value.indexOf(separator) + 1;
        return end == 0 ? value : value.substring(0, end) + value(value.substring(end), script);
    }
}
