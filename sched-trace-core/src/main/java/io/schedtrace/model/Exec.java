package io.schedtrace.model;

import io.schedtrace.internal.text.Printable;
import io.schedtrace.internal.text.UserInfo;
import java.time.Instant;
import java.util.List;

/**
 * One successful execve(2) of a process.
 *
 * @param time when the new program began, on the clock of {@link Span#startTime()}
 * @param exe the absolute path of the program file, seen from the root directory of the process: for a script, its
 *     interpreter
 * @param filename the path that was given to execve(2): for a script, the script; symbolic links as given
 * @param arguments the arguments with {@code argv[0]} first. Bytes that are not UTF-8 are the characters U+DC80 to
 *     U+DCFF (low byte = the byte), so that nothing is lost
 * @param truncated whether arguments are missing at the end, or are those of {@code /proc} since the kernel could not
 *     read them at once
 */
public record Exec(Instant time, String exe, String filename, List<String> arguments, boolean truncated) {
    /** Copies the list. */
    public Exec {
        arguments = List.copyOf(arguments);
    }

    /** The last element of {@link #filename()}: the name under which the program was started. */
    public String name() {
        return filename.substring(filename.lastIndexOf('/') + 1);
    }

    /** For people: user info in URLs is masked, control characters are escaped. */
    @Override
    public String toString() {
        return Printable.escape("Exec[time=" + time + ", exe=" + exe + ", filename=" + filename + ", arguments="
                + UserInfo.mask(arguments.toString()) + ", truncated=" + truncated + "]");
    }
}
