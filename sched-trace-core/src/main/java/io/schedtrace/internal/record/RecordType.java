package io.schedtrace.internal.record;

import java.util.Locale;

/** The types of records, in the order of {@code enum st_type} in record.h, which counts from 1. */
public enum RecordType {
    /** A process was forked. */
    PROCESS_START,
    /** A process has begun a program. */
    PROCESS_EXEC,
    /** More arguments and environment of an exec. */
    EXEC_DATA,
    /** The last thread of a process has ended. */
    PROCESS_END,
    /** A client has sent its SYN, or a server has a new connection. */
    CONNECTION_OPEN,
    /** A client's handshake is done. */
    CONNECTION_ESTABLISHED,
    /** This side has closed the connection. */
    CONNECTION_CLOSING,
    /** The socket has closed. */
    CONNECTION_END,
    /** A process has read a DNS answer. */
    DNS_ANSWER,
    /** A call of getaddrinfo(3) has succeeded. */
    NAME_RESOLVED,
    /** A socket has begun to listen. */
    LISTEN_START,
    /** It has stopped. */
    LISTEN_END;

    /** The name as users see it in {@code Loss.recordsByType()}: {@code process_start}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
