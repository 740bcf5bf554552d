package io.schedtrace.hosts;

import java.nio.file.Path;
import java.util.List;

/**
 * A process as it was when it began a program.
 *
 * @param pid the process id in the pid namespace of this JVM: the one in {@code /proc}; the process may have ended
 * @param exe the absolute path of the program file
 * @param arguments the command line with {@code argv[0]} first
 * @param environment the environment as {@code NAME=VALUE}, as passed to execve(2); may hold secrets, must not be kept
 */
public record ProcessImage(long pid, String exe, List<String> arguments, List<String> environment) {
    /** {@code /proc/<pid>}; gone when the process has ended. */
    public Path proc() {
        return Path.of("/proc", Long.toString(pid));
    }

    /** The process id and program only: the environment stays private. */
    @Override
    public String toString() {
        return "ProcessImage[pid=" + pid + ", exe=" + exe + "]";
    }
}
