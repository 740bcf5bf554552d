package io.schedtrace.model;

import io.schedtrace.internal.text.Printable;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One successful execve(2) of a process.
 *
 * <p>Immutable and safe for use by any thread. Tests can build one:
 *
 * <pre>{@code
 * Exec.builder().exe("/usr/bin/ls").arguments(List.of("ls", "-l")).build()
 * }</pre>
 */
public final class Exec {
    private final Properties fields;

    private Exec(Properties fields) {
        this.fields = fields;
    }

    /** Returns a builder with the defaults that it describes. */
    public static Builder builder() {
        return new Builder();
    }

    /** When the new program began, on the clock of {@link Span#startTime()}. */
    public Instant time() {
        return fields.time;
    }

    /**
     * The absolute path of the program file, seen from the root directory of the process. For a script, it is the
     * interpreter.
     */
    public String exe() {
        return Fields.known(fields.exe);
    }

    /** The path that was given to execve(2), symbolic links as given. For a script, it is the script. */
    public String filename() {
        return Fields.known(fields.filename);
    }

    /** Whether the end of {@link #filename()} is missing: 511 bytes of it are recorded. */
    public boolean filenameTruncated() {
        return fields.filenameTruncated;
    }

    /**
     * The arguments, {@code argv[0]} first. A byte that is not UTF-8 is a character from U+DC80 to U+DCFF, whose low
     * byte is that byte.
     */
    public List<String> arguments() {
        return Fields.known(fields.arguments);
    }

    /**
     * Whether arguments are missing at the end, or come from {@code /proc} since the kernel could not read them at the
     * exec.
     */
    public boolean truncated() {
        return fields.truncated;
    }

    /**
     * The name under which the program was started: the last element of {@link #filename()}. If that is truncated, at
     * least the first 15 bytes of the name.
     */
    public String name() {
        return fields.name != null ? fields.name : lastElement(filename());
    }

    private static String lastElement(String filename) {
        String name = filename.substring(filename.lastIndexOf('/') + 1);
        return name.isEmpty() ? filename : name;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Exec exec && fields.equals(exec.fields);
    }

    @Override
    public int hashCode() {
        return fields.hashCode();
    }

    /** Returns the properties, for people: redacted by {@link Redactor#standard()}, control characters escaped. */
    @Override
    public String toString() {
        return Printable.escape("Exec[time=" + time() + ", exe=" + exe() + ", filename=" + filename()
                + ", filenameTruncated=" + filenameTruncated() + ", arguments="
                + Redactor.standard().arguments(arguments()) + ", truncated=" + truncated() + "]");
    }

    /** The properties. */
    static final class Properties extends Fields {
        private Instant time = Instant.EPOCH;
        private @Nullable String exe;
        private @Nullable String filename;
        private boolean filenameTruncated;
        /** Null if it is the last element of the filename. */
        private @Nullable String name;

        private @Nullable List<String> arguments;
        private boolean truncated;

        @Override
        List<@Nullable Object> values() {
            return Arrays.asList(time, exe, filename, filenameTruncated, name, arguments, truncated);
        }

        @Override
        boolean isWhole() {
            return exe != null && filename != null && arguments != null && name == null;
        }

        private void setDefaults() {
            exe = exe == null ? filename : exe;
            Fields.require(exe, "Exec", "exe (or filename)");
            filename = filename == null ? exe : filename;
            arguments = arguments == null ? List.of(Fields.known(filename)) : arguments;
            name = lastElement(Fields.known(filename)).equals(name) ? null : name;
        }
    }

    /**
     * Builds an exec. {@code exe} or {@code filename} is required; each is by default the other, and the only argument
     * is the filename. The time is 1970-01-01T00:00:00Z by default. Not safe for use by several threads.
     */
    public static final class Builder extends FieldsBuilder<Properties> {
        private Builder() {
            super(new Properties());
        }

        public Builder time(Instant value) {
            edit().time = value;
            return this;
        }

        public Builder exe(String value) {
            edit().exe = value;
            return this;
        }

        public Builder filename(String value) {
            edit().filename = value;
            return this;
        }

        public Builder filenameTruncated(boolean value) {
            edit().filenameTruncated = value;
            return this;
        }

        /** Sets the name; by default it is the last element of the filename. */
        public Builder name(String value) {
            edit().name = value;
            return this;
        }

        public Builder arguments(List<String> value) {
            edit().arguments = List.copyOf(value);
            return this;
        }

        public Builder truncated(boolean value) {
            edit().truncated = value;
            return this;
        }

        /**
         * Returns the exec.
         *
         * @throws IllegalStateException if something required is missing; the message names it
         */
        public Exec build() {
            Properties fields = give();
            fields.setDefaults();
            return new Exec(fields);
        }
    }
}
