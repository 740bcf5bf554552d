package io.schedtrace.model;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The properties of a value. Its builder sets them; nobody changes them once a value has them. To add a property: add the
 * field, list it in {@link #values()}, add the accessor and the method of the builder.
 */
abstract class Fields implements Cloneable {
    /** Returns every property, for equality. */
    abstract List<@Nullable Object> values();

    /** Whether no property is left for {@code build()} to set. */
    boolean isWhole() {
        return true;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Fields fields && getClass() == fields.getClass() && values().equals(fields.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    /** Returns a copy. */
    @SuppressWarnings("unchecked")
    static <F extends Fields> F copy(F fields) {
        try {
            return (F) ((Fields) fields).clone();
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns a property that {@code build()} has set. */
    static <T> T known(@Nullable T property) {
        return Objects.requireNonNull(property);
    }

    /**
     * Checks that a property was set.
     *
     * @throws IllegalStateException if it was not
     */
    static void require(@Nullable Object property, String type, String method) {
        if (property == null) {
            throw new IllegalStateException(type + ".Builder: " + method + " is not set; call it before build()");
        }
    }
}
