package io.schedtrace.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How a process stands to its terminal, as {@code /proc/<pid>/stat} shows it.
 *
 * @param group its process group
 * @param terminal the number of its controlling terminal; 0 for none
 * @param foregroundGroup the process group that the terminal sends ^C to; -1 for none
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html">proc_pid_stat(5)</a>
 */
record TerminalJob(long group, long terminal, long foregroundGroup) {
    private static final TerminalJob NONE = new TerminalJob(0, 0, -1);
    /** Places among the fields that follow the name, which stands in brackets and may hold anything. */
    private static final int GROUP = 2;

    private static final int TERMINAL = 4;
    private static final int FOREGROUND_GROUP = 5;

    /** Where this JVM stands; without a terminal if that cannot be read. */
    static TerminalJob ofThisProcess() {
        return of("self");
    }

    /** Whether the process is in the process group of this JVM. */
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
