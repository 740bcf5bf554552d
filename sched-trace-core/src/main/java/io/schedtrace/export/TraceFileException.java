package io.schedtrace.export;

import io.schedtrace.internal.text.Printable;
import io.schedtrace.internal.text.ShellWord;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A file is not a saved trace that can be read. The message is one line: the file, the line, the mistake, the remedy.
 */
public final class TraceFileException extends IOException {
    private static final long serialVersionUID = 1;
    private static final int LONGEST_PROBLEM = 500;

    private final long line;

    TraceFileException(Path file, long line, String problem) {
        super(Printable.escape(file.toString()) + (line == 0 ? ": " : ": line " + line + ": ") + oneLine(problem));
        this.line = line;
    }

    /** The number of the line with the mistake, from 1; 0 if the mistake is in no single line. */
    public long line() {
        return line;
    }

    private static String oneLine(String problem) {
        String line = Printable.escape(problem.replaceAll("\\s+", " "));
        return line.length() <= LONGEST_PROBLEM ? line : ShellWord.beginning(line, LONGEST_PROBLEM) + "…";
    }
}
