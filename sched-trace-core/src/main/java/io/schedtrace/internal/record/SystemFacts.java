package io.schedtrace.internal.record;

import java.net.NetworkInterface;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the system on which records are made tells beside them. A recording answers from memory. */
public interface SystemFacts {
    /** What to add to the times of records to get nanoseconds since 1970. */
    long wallOffsetNanos();

    /** The time now, on the clock of the records. */
    long monotonicNanos();

    /** The path under which the traced JVM executes its jspawnhelper, through which the JDK starts processes. */
    String jspawnhelper();

    /** The arguments of a process as {@code /proc/<pid>/cmdline} shows them; empty if the process is gone. */
    List<String> commandLine(long pid);

    /** The program of a process as {@code /proc/<pid>/exe} shows it; null if the process is gone. */
    @Nullable
    String program(long pid);

    /**
     * The network interface with that index; null if there is none, or if the namespace is not that of the traced JVM.
     *
     * @param namespace the inode number of the network namespace
     */
    @Nullable
    NetworkInterface networkInterface(int namespace, int index);
}
