package io.schedtrace.model;

import org.jspecify.annotations.Nullable;

/**
 * How a process ended.
 *
 * @param waitStatus the status word that waitpid(2) yields
 * @see <a href="https://man7.org/linux/man-pages/man2/wait.2.html">wait(2)</a>
 */
public record ExitStatus(int waitStatus) {
    private static final int SIGNAL_BITS = 0x7f;
    private static final int CORE_BIT = 0x80;

    /** The exit code, 0 to 255; null if a signal ended the process. */
    public @Nullable Integer code() {
        return signalNumber() == 0 ? (waitStatus >> 8) & 0xff : null;
    }

    /** The number of the signal that ended the process; 0 if it exited by itself. */
    public int signalNumber() {
        return waitStatus & SIGNAL_BITS;
    }

    /** The name of the signal that ended the process, such as {@code SIGKILL}; null if it exited by itself. */
    public @Nullable String signal() {
        return signalNumber() == 0 ? null : Signals.name(signalNumber());
    }

    /** Whether the kernel dumped core (or passed one to a core handler). */
    public boolean coreDumped() {
        return signalNumber() != 0 && (waitStatus & CORE_BIT) != 0;
    }

    /** Whether the process exited by itself with code 0. */
    public boolean success() {
        return waitStatus == 0;
    }

    /** {@code exit 3} or {@code SIGSEGV (core dumped)}. */
    @Override
    public String toString() {
        return signalNumber() == 0 ? "exit " + code() : signal() + (coreDumped() ? " (core dumped)" : "");
    }
}
