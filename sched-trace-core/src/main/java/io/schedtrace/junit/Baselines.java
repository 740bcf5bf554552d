package io.schedtrace.junit;

import io.schedtrace.analysis.TraceDiff;
import io.schedtrace.model.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The baselines of a run of tests. Safe for use by several threads. */
final class Baselines {
    private static final String UPDATE = "-D" + TraceBaseline.PARAMETER + "=update";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,99}");

    private final Path directory;
    private final boolean update;
    private final Map<Path, String> owners = new ConcurrentHashMap<>();
    private final Map<Path, String> updated = new ConcurrentHashMap<>();

    /** @param update whether files are written */
    Baselines(Path directory, boolean update) {
        this.directory = directory;
        this.update = update;
    }

    /** The baseline of one test. */
    final class Baseline {
        private final String name;
        private final Path file;

        private Baseline(String name, Path file) {
            this.name = name;
            this.file = file;
        }

        /** Compares a trace with the file, or writes the file. */
        void check(Trace trace, List<String> failures) {
            if (!trace.loss().none()) {
                failures.add("the trace is not whole, so it cannot be compared with " + file + ": "
                        + String.join(", ", trace.loss().describe()));
                return;
            }
            try {
                if (update) {
                    write(TraceDiff.normalized(trace), failures);
                } else {
                    compare(trace, failures);
                }
            } catch (NoSuchFileException e) {
                failures.add("the baseline " + file + " does not exist; run the test with " + UPDATE
                        + " to create it, review it, and keep it with the test");
            } catch (IOException e) {
                failures.add("the baseline cannot be " + (update ? "written" : "read") + ": " + e);
            } catch (IllegalArgumentException e) {
                failures.add("the baseline " + file + " was damaged: " + e.getMessage() + "; run the test with "
                        + UPDATE + " to write it anew");
            }
        }

        private void compare(Trace trace, List<String> failures) throws IOException {
            TraceDiff diff = TraceDiff.of(Files.readString(file), trace);
            if (!diff.isEmpty()) {
                failures.add("the test does not run what its baseline " + file + " has (-), but (+):\n" + diff
                        + "\nif that is right, run the test with " + UPDATE + " and review the change");
            }
        }

        private void write(String text, List<String> failures) throws IOException {
            String earlier = updated.putIfAbsent(file, text);
            if (earlier != null && !earlier.equals(text)) {
                failures.add("the invocations of the test run different things, so they cannot have one baseline, "
                        + file + "; give each a method and a @TraceBaseline of its own");
            } else if (!Files.exists(file) || !Files.readString(file).equals(text)) {
                Files.createDirectories(file.getParent());
                Files.writeString(file, text);
            }
        }

        /** As it is written in the test. */
        @Override
        public String toString() {
            return "@TraceBaseline(\"" + name + "\")";
        }
    }

    /**
     * Returns the baseline of a test.
     *
     * @throws IllegalArgumentException if the name is not valid, or another test of the class has it
     */
    Baseline of(Class<?> type, String method, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "the name \"" + name + "\" of a @TraceBaseline becomes the name of a file:"
                            + " it has letters, digits, '.', '_' and '-' only");
        }
        Path file = directory.resolve(type.getName().replace('.', '/') + '.' + name + ".baseline");
        String owner = owners.putIfAbsent(file, method);
        if (owner != null && !owner.equals(method)) {
            throw new IllegalArgumentException("@TraceBaseline(\"" + name + "\") is on two tests, " + owner + " and "
                    + method + "; give each a name of its own");
        }
        return new Baseline(name, file);
    }
}
