package io.schedtrace.internal.assemble;

import io.schedtrace.model.TcpSpan.Outcome;
import java.util.Map;

/** The socket errors that a TCP connection can end with (asm-generic/errno.h), with their outcome. */
record Errno(String name, Outcome outcome) {
    private static final Map<Integer, Errno> KNOWN = Map.ofEntries(
            Map.entry(1, new Errno("EPERM", Outcome.FAILED)),
            Map.entry(13, new Errno("EACCES", Outcome.FAILED)),
            Map.entry(32, new Errno("EPIPE", Outcome.RESET)),
            Map.entry(71, new Errno("EPROTO", Outcome.FAILED)),
            Map.entry(90, new Errno("EMSGSIZE", Outcome.FAILED)),
            Map.entry(92, new Errno("ENOPROTOOPT", Outcome.UNREACHABLE)),
            Map.entry(98, new Errno("EADDRINUSE", Outcome.FAILED)),
            Map.entry(99, new Errno("EADDRNOTAVAIL", Outcome.FAILED)),
            Map.entry(100, new Errno("ENETDOWN", Outcome.UNREACHABLE)),
            Map.entry(101, new Errno("ENETUNREACH", Outcome.UNREACHABLE)),
            Map.entry(103, new Errno("ECONNABORTED", Outcome.RESET)),
            Map.entry(104, new Errno("ECONNRESET", Outcome.RESET)),
            Map.entry(105, new Errno("ENOBUFS", Outcome.FAILED)),
            Map.entry(110, new Errno("ETIMEDOUT", Outcome.TIMED_OUT)),
            Map.entry(111, new Errno("ECONNREFUSED", Outcome.REFUSED)),
            Map.entry(112, new Errno("EHOSTDOWN", Outcome.UNREACHABLE)),
            Map.entry(113, new Errno("EHOSTUNREACH", Outcome.UNREACHABLE)));

    private static final int ECONNABORTED = 103;

    /** Whether this is the error of a socket that this machine has aborted, for example with {@code ss -K}. */
    static boolean isLocalAbort(int number) {
        return number == ECONNABORTED;
    }

    static Errno of(int number) {
        return KNOWN.getOrDefault(number, new Errno("errno " + number, Outcome.FAILED));
    }
}
