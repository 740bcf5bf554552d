package io.schedtrace.model;

/**
 * Holds the properties that a builder sets. A built value takes them as they are; the next change is made to a copy.
 *
 * @param <F> the properties
 */
abstract class FieldsBuilder<F extends Fields> {
    private F fields;

    /** Whether a value has the properties, so that they do not change any more. */
    private boolean given;

    FieldsBuilder(F fields) {
        this.fields = fields;
    }

    /** Returns the properties to change. */
    final F edit() {
        if (given) {
            fields = Fields.copy(fields);
            given = false;
        }
        return fields;
    }

    /**
     * Returns the properties of the value to build. They are a copy if there are defaults to set, because the next value may
     * have other defaults.
     */
    final F give() {
        if (!fields.isWhole()) {
            return Fields.copy(fields);
        }
        given = true;
        return fields;
    }
}
