package io.schedtrace.internal.session;

import io.schedtrace.bpf.KernelProbe;
import io.schedtrace.internal.record.SystemFacts;
import io.schedtrace.internal.text.RawText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The machine that this JVM runs on.
 *
 * @param pageSize the size of a memory page in bytes
 * @param settleTime how long to wait for a name
 */
public record ThisSystem(long pageSize, Duration settleTime) implements SystemFacts {
    /** As java.lang.ProcessImpl puts it together. */
    private static final String JSPAWNHELPER = System.getProperty("java.home") + "/lib/jspawnhelper";

    private static final long TIME_NAMESPACE_NANOS = timeNamespaceNanos();

    /** The kernel's own CLOCK_MONOTONIC: HotSpot's nanoTime is that on Linux, as the time namespace of this JVM shows it. */
    public static long nanos() {
        return System.nanoTime() - TIME_NAMESPACE_NANOS;
    }

    @Override
    public long monotonicNanos() {
        return nanos();
    }

    /** What to add to the kernel's own CLOCK_MONOTONIC to get CLOCK_REALTIME, in nanoseconds, as measured now. */
    public static long wallOffsetNanos() {
        return KernelProbe.wallOffsetNanos() + TIME_NAMESPACE_NANOS;
    }

    /** By how much CLOCK_MONOTONIC of this time namespace is ahead of the kernel's: time_namespaces(7). */
    private static long timeNamespaceNanos() {
        try {
            return Files.readAllLines(Path.of("/proc/self/timens_offsets")).stream()
                    .map(line -> line.trim().split("\\s+"))
                    .filter(fields -> fields.length == 3 && fields[0].equals("monotonic"))
                    .mapToLong(fields -> Long.parseLong(fields[1]) * 1_000_000_000 + Long.parseLong(fields[2]))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    @Override
    public String jspawnhelper() {
        return JSPAWNHELPER;
    }

    @Override
    public List<String> commandLine(long pid) {
        try {
            byte[] all = Files.readAllBytes(Path.of("/proc/" + pid + "/cmdline"));
            return RawText.split(all, 0, all.length);
        } catch (IOException e) {
            return List.of();
        }
    }

    @Override
    public String program(long pid) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + pid + "/exe")).toString();
        } catch (IOException e) {
            return "";
        }
    }
}
