package io.schedtrace.model;

/**
 * Hears of spans as they happen.
 *
 * <p>Each listener is called on one thread of its own, in the order of the kernel's records, a few milliseconds after
 * the event. What it throws is logged (System.Logger {@code io.schedtrace}) and otherwise ignored. It may be slow: 65,536
 * events wait for it, further ones are dropped and counted in {@link Loss#listenerEvents()}. A span that it gets is a
 * snapshot of that moment.
 */
public interface TraceListener {
    /** A process was forked. */
    default void processStarted(ProcessSpan process) {}

    /** A process has begun a new program; {@code exec} is the last of {@link ProcessSpan#execs()}. */
    default void processExecuted(ProcessSpan process, Exec exec) {}

    /** The last thread of a process has ended. */
    default void processEnded(ProcessSpan process) {}

    /** A client has sent its SYN, or a server has a new connection. */
    default void connectionOpened(TcpSpan connection) {}

    /** The handshake is done; for a server, right after {@link #connectionOpened}. */
    default void connectionEstablished(TcpSpan connection) {}

    /** The connection has ended, in whatever way. */
    default void connectionEnded(TcpSpan connection) {}

    /** Something was lost; {@code loss} is the sum since the session began. */
    default void recordsLost(Loss loss) {}

    /** The session was closed. The last call; spans that were still open are in {@code trace} and were not ended before. */
    default void traceClosed(Trace trace) {}
}
