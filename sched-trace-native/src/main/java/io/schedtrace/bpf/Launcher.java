package io.schedtrace.bpf;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The native program {@code sched-trace} that has started this JVM to trace a command (launch.h). It starts the command
 * itself: early, when it has loaded the BPF programs, or when it is ordered to. It tells when the command has ended.
 */
public final class Launcher {
    private static final @Nullable String PROPERTY = System.getProperty("io.schedtrace.launcher");
    private static final int TRACE_ID_DIGITS = 32;
    /** As LAUNCH_SESSION of launch.h. */
    private static final long SESSION = 1L << 32;

    private static @Nullable Early early;
    private static boolean greeted;

    private Launcher() {}

    /**
     * A command that the launcher has started already, in the first session that is opened.
     *
     * @param pid its process id
     * @param byHelper whether the helper has loaded the probe
     * @param traceId the trace id in its TRACEPARENT, in hexadecimal digits
     * @param probe what traces it
     */
    public record Early(long pid, boolean byHelper, String traceId, KernelProbe probe) {}

    /** Whether a launcher has started this JVM. */
    public static boolean isPresent() {
        return PROPERTY != null;
    }

    /** Whether the launcher has opened the file of the spans as the stdout of this JVM. */
    public static boolean hasOpenedOutput() {
        return "output".equals(PROPERTY);
    }

    /**
     * Waits until the launcher has tried to load the BPF programs.
     *
     * @return the command; null if it waits for {@link #start}, or if there is no launcher
     * @throws ProbeException if the launcher has gone, or is of another version than this library
     */
    public static synchronized @Nullable Early early() {
        if (isPresent() && !greeted) {
            greeted = true;
            NativeLibrary.require();
            early = hello();
        }
        return early;
    }

    private static @Nullable Early hello() {
        int[] facts = new int[3];
        byte[] traceId = new byte[TRACE_ID_DIGITS];
        long handle = hello(facts, traceId);
        if (facts[2] != 0) {
            throw new ProbeException(
                    "the launcher has gone or is of another version than libschedtrace.so; install sched-trace again",
                    facts[2]);
        }
        return handle == 0
                ? null
                : new Early(
                        facts[0],
                        facts[1] != 0,
                        new String(traceId, StandardCharsets.US_ASCII),
                        KernelProbe.of(handle, SESSION));
    }

    /**
     * Has the launcher start the command.
     *
     * @param probe what traces it
     * @param session its session there
     * @param span the span id that the start record of the command carries
     * @param traceParent the value of TRACEPARENT in its environment; empty to leave that as it is
     * @return the command's process id
     * @throws ProbeException if the launcher has gone
     */
    public static long start(KernelProbe probe, long session, long span, String traceParent) {
        int result = order(probe.handle(), session, span, traceParent.getBytes(StandardCharsets.US_ASCII));
        int pid = result < 0 ? -1 : event();
        if (pid < 0) {
            throw new ProbeException("the launcher has gone", -result);
        }
        return pid;
    }

    /** Waits until the command has ended; returns its status as waitpid(2) has it, or -1 if the launcher has gone. */
    public static int awaitEnd() {
        return event();
    }

    private static native long hello(int[] facts, byte[] traceId);

    private static native int order(long handle, long session, long span, byte[] traceParent);

    private static native int event();
}
