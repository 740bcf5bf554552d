package io.schedtrace.model;

import org.jspecify.annotations.Nullable;

/**
 * Whether this JVM can trace.
 *
 * @param reason why not; null if it can
 * @param message the reason in words, with the remedy
 */
public record Availability(@Nullable Reason reason, String message) {
    /** Whether it can. */
    public boolean available() {
        return reason == null;
    }

    /** Why tracing is not available. */
    public enum Reason {
        /** The operating system is not Linux. */
        NOT_LINUX,
        /** The native library is missing for this platform, or cannot be loaded. */
        LIBRARY_MISSING,
        /** The kernel lacks what the BPF program needs. */
        KERNEL_TOO_OLD,
        /** The kernel has no type information (BTF). */
        NO_BTF,
        /** The process lacks CAP_BPF and CAP_PERFMON. */
        NO_CAPABILITY,
        /** The kernel refuses the BPF program; the message holds its words. */
        REFUSED,
    }
}
