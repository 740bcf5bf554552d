package io.schedtrace.bpf;

/**
 * Sends signals to processes and tells whether they exist, through the JNI shim, which tracing needs anyway. Process ids
 * are those of the pid namespace of this JVM.
 */
public final class Processes {
    /** Ends a process; it cannot be caught. */
    public static final int SIGKILL = 9;

    /** Stops a process; it cannot be caught. Its number on x86 and arm64 (asm-generic/signal.h). */
    public static final int SIGSTOP = 19;

    /** Continues a stopped process. Its number on x86 and arm64 (asm-generic/signal.h). */
    public static final int SIGCONT = 18;

    /** The error of a process that has no free file descriptor: errno(3). */
    public static final int EMFILE = 24;

    private static final int EPERM = 1;
    private static final int ESRCH = 3;

    private Processes() {}

    /**
     * Opens a process, so that a signal reaches this process and no other: pidfd_open(2).
     *
     * @return a file descriptor, which the caller closes; -1 if there is no such process
     * @throws ProbeException on any other error
     */
    public static int pidfdOpen(long pid) {
        NativeLibrary.require();
        int result = openPidfd(pid);
        return result == -ESRCH ? -1 : check("pidfd_open", result);
    }

    /**
     * Sends a signal: pidfd_send_signal(2).
     *
     * @return whether it was sent; false if the process is gone, or if this user may not send it a signal
     * @throws ProbeException on any other error
     */
    public static boolean pidfdSendSignal(int pidfd, int signal) {
        NativeLibrary.require();
        int result = sendToPidfd(pidfd, signal);
        return result != -ESRCH && result != -EPERM && check("pidfd_send_signal", result) == 0;
    }

    /** Closes what {@link #pidfdOpen} has returned. */
    public static void pidfdClose(int pidfd) {
        NativeLibrary.require();
        closePidfd(pidfd);
    }

    /**
     * Returns whether there is a process or a zombie with that id: kill(2) with signal 0.
     *
     * @throws ProbeException if that cannot be told
     */
    public static boolean exists(long pid) {
        NativeLibrary.require();
        int result = kill(pid, 0);
        return result == -EPERM || (result != -ESRCH && check("kill", result) == 0);
    }

    /**
     * Sends a signal without a file descriptor: kill(2). The id may by now belong to another process, so this is for
     * signals that do no harm.
     */
    public static void signal(long pid, int signal) {
        NativeLibrary.require();
        kill(pid, signal);
    }

    private static int check(String what, int result) {
        if (result < 0) {
            throw new ProbeException(what + " failed with errno " + -result, -result);
        }
        return result;
    }

    private static native int openPidfd(long pid);

    private static native int sendToPidfd(int pidfd, int signal);

    private static native int kill(long pid, int signal);

    private static native int closePidfd(int pidfd);
}
