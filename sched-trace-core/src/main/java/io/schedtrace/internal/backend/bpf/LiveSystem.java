package io.schedtrace.internal.backend.bpf;

import io.schedtrace.bpf.KernelProbe;
import io.schedtrace.internal.record.SystemFacts;
import io.schedtrace.internal.text.RawText;
import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The machine that this JVM runs on. */
final class LiveSystem implements SystemFacts {
    /** The path that java.lang.ProcessImpl puts together. */
    private static final String JSPAWNHELPER = System.getProperty("java.home") + "/lib/jspawnhelper";

    private static final long TIME_NAMESPACE_NANOS = timeNamespaceNanos();

    /** For how long an interface is not looked for again: connections may come by the thousand. */
    private static final long REMEMBERED_NANOS = 1_000_000_000;

    private volatile @Nullable Found found;

    /** The interface that an index had at a time. */
    private record Found(int namespace, int index, @Nullable NetworkInterface networkInterface, long nanos) {
        boolean is(int otherNamespace, int otherIndex) {
            return namespace == otherNamespace && index == otherIndex;
        }
    }

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

    @Override
    public @Nullable NetworkInterface networkInterface(int namespace, int index) {
        long now = System.nanoTime();
        Found last = found;
        if (last == null || !last.is(namespace, index) || now - last.nanos > REMEMBERED_NANOS) {
            last = new Found(namespace, index, isOwn(namespace) ? find(index) : null, now);
            found = last;
        }
        return last.networkInterface;
    }

    private static @Nullable NetworkInterface find(int index) {
        try {
            return NetworkInterface.getByIndex(index);
        } catch (SocketException e) {
            return null;
        }
    }

    /** Whether a network namespace is that of this JVM. */
    private static boolean isOwn(int namespace) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/ns/net"))
                    .toString()
                    .equals("net:[" + Integer.toUnsignedString(namespace) + "]");
        } catch (IOException e) {
            return false;
        }
    }
}
