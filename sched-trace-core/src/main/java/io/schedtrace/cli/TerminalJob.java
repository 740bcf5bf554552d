package io.schedtrace.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The process group and the terminal of a process, read from {@code /proc/<pid>/stat}.
 *
 * @param group the process group
 * @param terminal the device number of the controlling terminal; 0 for none
 * @param foregroundGroup the process group to which the terminal sends ^C; -1 for none
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html">proc_pid_stat(5)</a>
 */
record TerminalJob(long group, long terminal, long foregroundGroup) {
    private static final TerminalJob NONE = new TerminalJob(0, 0, -1);
    /** Indexes of the fields after the name, which is in parentheses and may contain any character. */
    private static final int GROUP = 2;

    private static final int TERMINAL = 4;
    private static final int FOREGROUND_GROUP = 5;

    /** Describes this JVM; without a terminal if that cannot be read. */
    static TerminalJob ofThisProcess() {
        return of("self");
    }

    /** Returns whether the process is in the process group of this JVM. */
    static boolean sameGroup(long pid) {
        return of(Long.toString(pid)).group == ofThisProcess().group;
    }

    boolean hasTerminal() {
        return terminal != 0;
    }

    boolean inForeground() {
        return hasTerminal() && group == foregroundGroup;
    }

    static TerminalJob parse(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
        return new TerminalJob(
                Long.parseLong(fields[GROUP]),
                Long.parseLong(fields[TERMINAL]),
                Long.parseLong(fields[FOREGROUND_GROUP]));
    }

    private static TerminalJob of(String pid) {
        try {
            return parse(Files.readString(Path.of("/proc", pid, "stat"), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return NONE;
        }
    }
}
