package io.schedtrace.bpf;

/** The kernel side cannot be loaded, or a call of it failed. */
public final class ProbeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int errno;

    /**
     * Makes one.
     *
     * @param message what failed, with libbpf's log if it had something to say
     * @param errno the error number of Linux; 0 if there is none
     */
    public ProbeException(String message, int errno) {
        super(message);
        this.errno = errno;
    }

    /** The error number of Linux (errno(3)); 0 if there is none. */
    public int errno() {
        return errno;
    }
}
