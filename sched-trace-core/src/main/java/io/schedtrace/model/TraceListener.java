package io.schedtrace.model;

/**
 * Receives the spans of a session as they change.
 *
 * <p>Each listener is called on a thread of its own, in the order of the kernel's records, a few milliseconds after
 * the event. What it throws is logged (System.Logger {@code io.schedtrace}) and otherwise ignored. It may be slow: up
 * to 65,536 events wait for it; more are dropped and counted in {@link Loss#listenerEvents()}. Each span is a snapshot
 * of the moment of the event.
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

    /** The connection has ended; {@link TcpSpan#outcome()} tells how. */
    default void connectionEnded(TcpSpan connection) {}

    /** A socket has begun to listen. */
    default void listenStarted(ListenSpan listener) {}

    /** A socket has stopped listening. */
    default void listenEnded(ListenSpan listener) {}

    /** Something was lost; {@code loss} is everything since the session began. */
    default void recordsLost(Loss loss) {}

    /**
     * The session was closed. This is the last call; spans that are still open in {@code trace} have had no end event.
     */
    default void traceClosed(Trace trace) {}
}
