package io.schedtrace.internal.record;

import java.time.Duration;
import java.util.List;

/** What the assembler asks the system for; a recording answers from memory. */
public interface SystemFacts {
    /** The size of a memory page in bytes. */
    long pageSize();

    /** CLOCK_MONOTONIC in nanoseconds. */
    long monotonicNanos();

    /** The path under which this JVM executes its jspawnhelper, through which it starts processes. */
    String jspawnhelper();

    /** The arguments of a process as {@code /proc/<pid>/cmdline} shows them; empty if it is gone. */
    List<String> commandLine(long pid);

    /** The program of a process as {@code /proc/<pid>/exe} shows it; empty if it is gone. */
    String program(long pid);

    /** How long to wait for the name of a connection before it is told of. */
    Duration settleTime();
}
