package io.schedtrace.internal.backend;

/** A backend could not do what it was asked for; the message says what failed. */
public final class BackendException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int errno;

    /**
     * Makes one.
     *
     * @param errno the error number, errno(3); 0 if there is none
     */
    public BackendException(String message, int errno, Throwable cause) {
        super(message, cause);
        this.errno = errno;
    }

    /** The error number, errno(3); 0 if there is none. */
    public int errno() {
        return errno;
    }
}
