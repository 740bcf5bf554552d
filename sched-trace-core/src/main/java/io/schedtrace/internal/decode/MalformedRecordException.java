package io.schedtrace.internal.decode;

/** Bytes that are no record: its sizes contradict each other or its type is unknown. */
public final class MalformedRecordException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Makes one. */
    public MalformedRecordException(String message) {
        super(message);
    }
}
