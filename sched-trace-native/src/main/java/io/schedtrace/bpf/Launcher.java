package io.schedtrace.bpf;

import java.nio.charset.StandardCharsets;

/**
 * The native program {@code sched-trace} that has started this JVM to trace a command (launch.h). It starts the command
 * itself, when it is ordered to, and tells when that has ended.
 */
public final class Launcher {
    /** What the launcher tells; the order is that of {@code enum launch_event_kind}, with {@link #GONE} as 0. */
    private enum Kind {
        GONE,
        STARTED,
        ENDED
    }

    private static final String PROPERTY = "io.schedtrace.launcher";

    private Launcher() {}

    /** Whether a launcher has started this JVM. */
    public static boolean isPresent() {
        return Boolean.getBoolean(PROPERTY);
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
        byte[] value = traceParent.getBytes(StandardCharsets.US_ASCII);
        int result = order(probe.handle(), session, span, value);
        long event = result < 0 ? 0 : event();
        if (kind(event) != Kind.STARTED) {
            throw new ProbeException("the launcher has gone", -result);
        }
        return (int) event;
    }

    /** Waits until the command has ended; returns its status as waitpid(2) has it, or -1 if the launcher has gone. */
    public static int awaitEnd() {
        long event = event();
        return kind(event) == Kind.ENDED ? (int) event : -1;
    }

    private static Kind kind(long event) {
        return Kind.values()[(int) (event >> Integer.SIZE)];
    }

    private static native int order(long handle, long session, long span, byte[] traceParent);

    private static native long event();
}
