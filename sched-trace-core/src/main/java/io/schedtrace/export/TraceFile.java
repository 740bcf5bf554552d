package io.schedtrace.export;

import io.schedtrace.model.Labels;
import io.schedtrace.model.Redactor;
import io.schedtrace.model.Trace;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A trace in a file. The file has the {@link JsonLines} format, which {@code sched-trace --format json -o FILE} writes
 * while a command runs, and which the reports of tests have.
 *
 * <pre>{@code
 * Path file = Path.of("build.trace");
 * TraceFile.write(trace, file);
 * Trace again = TraceFile.read(file).trace();
 * }</pre>
 *
 * <p>The trace that is read <em>equals</em> the trace that was written, except for what the {@link Redactor} has
 * hidden: write with {@link Redactor#none()} to keep everything. A file that was written while the trace grew has each
 * span as it was at its end, in the order of the ends; its spans are read in the order of their beginning.
 *
 * <p>The format has a version. A later version 1 may add fields and types of lines; they are kept, and {@link
 * #write(Path)} writes them again. A version that this library does not know is refused. The schema of a line is the
 * resource {@code trace.schema.json} of this package (JSON Schema 2020-12).
 *
 * <p>A file whose end is missing, for example of a run that was killed, is read up to there. {@link
 * io.schedtrace.model.Loss#cut()} says what is missing, and the trace is not {@linkplain Trace#isComplete() complete}.
 *
 * <p>A file may come from anywhere. The reader checks that it is a tree of spans with ids of their own, limits the
 * length of lines and the depth of values, and refuses a file that does not fit into half of the memory of the JVM.
 *
 * <p>Needs {@code com.fasterxml.jackson.core:jackson-core} at run time, an optional dependency. Immutable and safe for
 * use by any thread.
 */
public final class TraceFile {
    private final Trace trace;
    private final Labels labels;
    private final ForeignFields foreign;

    TraceFile(Trace trace, Labels labels, ForeignFields foreign) {
        this.trace = trace;
        this.labels = labels;
        this.foreign = foreign;
    }

    /**
     * Writes a trace into a file, which is overwritten. Secrets are hidden by {@link Redactor#standard()}.
     *
     * @throws IOException if the file cannot be written
     */
    public static void write(Trace trace, Path file) throws IOException {
        write(trace, file, Redactor.standard());
    }

    /**
     * Writes a trace into a file, which is overwritten.
     *
     * @throws IOException if the file cannot be written
     */
    public static void write(Trace trace, Path file, Redactor redactor) throws IOException {
        write(trace, file, new JsonFormat(Labels.NONE, redactor));
    }

    private static void write(Trace trace, Path file, JsonFormat format) throws IOException {
        try (Writer out = Files.newBufferedWriter(file)) {
            SpanWriter.write(format, trace, out);
        }
    }

    /**
     * Reads a file.
     *
     * @throws TraceFileException if it is not a saved trace, or of a later version, or damaged before its last line
     * @throws IOException if the file cannot be read
     */
    public static TraceFile read(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return new TraceFileReader(file, Runtime.getRuntime().maxMemory() / 2).read(in);
        }
    }

    /** The trace. */
    public Trace trace() {
        return trace;
    }

    /** The name and the attributes that its user has given it. */
    public Labels labels() {
        return labels;
    }

    /**
     * Writes the trace with its labels and with everything that was read and that this version does not know. The file
     * is overwritten. Nothing is hidden.
     *
     * @throws IOException if the file cannot be written
     */
    public void write(Path file) throws IOException {
        write(trace, file, new JsonFormat(labels, Redactor.none(), foreign));
    }
}
