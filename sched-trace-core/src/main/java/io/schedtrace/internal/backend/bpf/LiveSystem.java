package io.schedtrace.internal.backend.bpf;

import io.schedtrace.bpf.KernelProbe;
import io.schedtrace.internal.record.SystemFacts;
import io.schedtrace.internal.text.RawText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The machine that this JVM runs on. */
final class LiveSystem implements SystemFacts {
    /** The path that java.lang.ProcessImpl puts together. */
    private static final String JSPAWNHELPER = System.getProperty("java.home") + "/lib/jspawnhelper";

    private static final long TIME_NAMESPACE_NANOS = timeNamespaceNanos();

    private final long wallOffsetNanos = KernelProbe.wallOffsetNanos() + TIME_NAMESPACE_NANOS;

    @Override
    public long wallOffsetNanos() {
        return wallOffsetNanos;
    }

    /** HotSpot's nanoTime is CLOCK_MONOTONIC as the time namespace of this JVM shows it; records have the kernel's own. */
    @Override
    public long monotonicNanos() {
        return System.nanoTime() - TIME_NAMESPACE_NANOS;
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
    public @Nullable String program(long pid) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + pid + "/exe")).toString();
        } catch (IOException e) {
            return null;
        }
    }
}
