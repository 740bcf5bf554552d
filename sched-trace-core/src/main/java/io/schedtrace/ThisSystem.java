package io.schedtrace;

import io.schedtrace.assemble.SystemFacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
record ThisSystem(long pageSize, Duration settleTime) implements SystemFacts {
    /** As java.lang.ProcessImpl puts it together. */
    private static final String JSPAWNHELPER = System.getProperty("java.home") + "/lib/jspawnhelper";

    /** HotSpot's nanoTime is CLOCK_MONOTONIC on Linux. */
    @Override
    public long monotonicNanos() {
        return System.nanoTime();
    }

    @Override
    public String jspawnhelper() {
        return JSPAWNHELPER;
    }

    @Override
    public List<String> commandLine(long pid) {
        try {
            String all = Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1);
            return all.isEmpty() ? List.of() : List.of(all.split("\0"));
        } catch (IOException e) {
            return List.of();
        }
    }
}
