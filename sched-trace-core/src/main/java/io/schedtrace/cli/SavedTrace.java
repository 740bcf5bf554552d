package io.schedtrace.cli;

import io.schedtrace.export.TraceFile;
import io.schedtrace.export.TraceFileException;
import io.schedtrace.model.Redactor;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the commands that read saved traces share. */
final class SavedTrace {
    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write to FILE, which is overwritten, instead of stdout.")
    private @Nullable Path output;

    @Option(
            names = "--no-redact",
            description = "Show arguments as they are in the file, even if they look like secrets.")
    private boolean exact;

    /**
     * Reads a trace.
     *
     * @throws ParameterException if it cannot be read; the message says why
     */
    TraceFile read(Path file) {
        try {
            return TraceFile.read(file);
        } catch (TraceFileException e) {
            throw wrong(String.valueOf(e.getMessage()));
        } catch (NoSuchFileException | FileNotFoundException e) {
            throw wrong(file + ": there is no such file");
        } catch (AccessDeniedException e) {
            throw wrong(file + ": you may not read this file");
        } catch (IOException e) {
            throw wrong(file + ": it cannot be read: " + e.getMessage());
        }
    }

    /** What hides secrets. */
    Redactor redactor() {
        return exact ? Redactor.none() : Redactor.standard();
    }

    /** Whether the output is a file that was named. */
    boolean hasFile() {
        return output != null;
    }

    /**
     * Opens the output.
     *
     * @throws ParameterException if it cannot be written
     */
    SpanOutput open() {
        try {
            return SpanOutput.open(output == null ? SpanOutput.STDOUT_NAME : output);
        } catch (IOException e) {
            throw wrong("cannot write " + e.getMessage() + "; name a file that can be written");
        }
    }

    /** Writes a text to the output. */
    void write(Text text) {
        try (SpanOutput out = open()) {
            StringBuilder whole = new StringBuilder();
            text.writeTo(whole);
            out.append(whole);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes something. */
    interface Text {
        void writeTo(Appendable out) throws IOException;
    }

    /** Makes the exception for a mistake in the options. */
    ParameterException wrong(String message) {
        if (spec == null) {
            throw new IllegalStateException("not parsed");
        }
        return new ParameterException(spec.commandLine(), message);
    }
}
