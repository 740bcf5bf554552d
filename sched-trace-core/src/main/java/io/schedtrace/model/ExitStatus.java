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
        return signalNumber() == null ? (waitStatus >> 8) & 0xff : null;
    }

    /** The number of the signal that ended the process; null if it exited by itself. */
    public @Nullable Integer signalNumber() {
        int number = waitStatus & SIGNAL_BITS;
        return number == 0 ? null : number;
    }

    /** The name of the signal that ended the process, such as {@code SIGKILL}; null if it exited by itself. */
    public @Nullable String signal() {
        Integer number = signalNumber();
        return number == null ? null : Signals.name(number);
    }

    /** Whether the kernel dumped core (or passed one to a core handler). */
    public boolean coreDumped() {
        return signalNumber() != null && (waitStatus & CORE_BIT) != 0;
    }

    /** Whether the process exited by itself with code 0. */
    public boolean success() {
        return waitStatus == 0;
    }

    /** {@code exit 3} or {@code SIGSEGV (core dumped)}. */
    @Override
    public String toString() {
        return signalNumber() == null ? "exit " + code() : signal() + (coreDumped() ? " (core dumped)" : "");
    }
}
