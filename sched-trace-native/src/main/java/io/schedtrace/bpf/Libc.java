package io.schedtrace.bpf;

import jnr.ffi.LibraryLoader;
import jnr.ffi.LibraryOption;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.SaveError;
import jnr.ffi.types.pid_t;

/** The calls of libc that Java has no words for. The only user of jnr-ffi; loaded when it is first needed. */
public final class Libc {
    /** The signal that ends a process without asking it. */
    public static final int SIGKILL = 9;

    /** The signal that stops a process without asking it; its number on x86 and arm64 (asm-generic/signal.h). */
    public static final int SIGSTOP = 19;

    /** The signal that continues a process that has been stopped; its number on x86 and arm64 (asm-generic/signal.h). */
    public static final int SIGCONT = 18;

    /** No file descriptor is left: errno(3). */
    public static final int EMFILE = 24;

    private static final int EPERM = 1;
    private static final int ESRCH = 3;

    /** System call numbers are the same on x86-64 and arm64 for these two (asm-generic/unistd.h). */
    private static final long SYS_PIDFD_SEND_SIGNAL = 424;

    private static final long SYS_PIDFD_OPEN = 434;

    private Libc() {}

    /** The functions as jnr-ffi binds them; public since it implements them from its own module. */
    public interface Functions {
        /** syscall(2) with two arguments. */
        @SaveError
        long syscall(long number, @pid_t long pid, long flags);

        /** syscall(2) with four arguments. */
        @SaveError
        long syscall(long number, long fd, long signal, long info, long flags);

        /** kill(2). */
        @SaveError
        int kill(@pid_t long pid, int signal);

        /** close(2). */
        int close(int fd);
    }

    /**
     * Opens a process, so that a signal reaches it and no other: pidfd_open(2).
     *
     * @param pid the process id in the pid namespace of this JVM
     * @return a file descriptor, to be closed; -1 if there is no such process
     * @throws ProbeException on any other error
     */
    public static int pidfdOpen(long pid) {
        return orGone("pidfd_open", Binding.LIBC.syscall(SYS_PIDFD_OPEN, pid, 0));
    }

    /**
     * Sends a signal: pidfd_send_signal(2).
     *
     * @return whether it was sent; not if the process is gone, or this user may not send it one
     * @throws ProbeException on any other error
     */
    public static boolean pidfdSendSignal(int pidfd, int signal) {
        long result = Binding.LIBC.syscall(SYS_PIDFD_SEND_SIGNAL, pidfd, signal, 0, 0);
        return !notPermitted(result) && orGone("pidfd_send_signal", result) == 0;
    }

    /**
     * Whether there is a process or a zombie with that number: kill(2) with signal 0.
     *
     * @param pid the process id in the pid namespace of this JVM
     * @throws ProbeException if that cannot be told
     */
    public static boolean exists(long pid) {
        int result = Binding.LIBC.kill(pid, 0);
        return notPermitted(result) || orGone("kill", result) == 0;
    }

    /**
     * Sends a signal without a file descriptor: kill(2). The id may meanwhile be another process's, so that this is for signals
     * that do no harm.
     */
    public static void signal(long pid, int signal) {
        Binding.LIBC.kill(pid, signal);
    }

    private static boolean notPermitted(long result) {
        return result < 0 && Binding.RUNTIME.getLastError() == EPERM;
    }

    /** Binds the functions now, which takes some 100 ms, and not when the first one is needed. */
    public static void load() {
        Binding.LIBC.close(-1);
    }

    /** Closes a file descriptor. */
    public static void close(int fd) {
        Binding.LIBC.close(fd);
    }

    private static int orGone(String what, long result) {
        if (result >= 0) {
            return (int) result;
        }
        int errno = Binding.RUNTIME.getLastError();
        if (errno == ESRCH) {
            return -1;
        }
        throw new ProbeException(what + " failed with errno " + errno, errno);
    }

    private static final class Binding {
        static final Functions LIBC = LibraryLoader.create(Functions.class)
                .option(LibraryOption.SaveError, true)
                .load("c");
        static final Runtime RUNTIME = Runtime.getRuntime(LIBC);
    }
}
