package io.schedtrace.model;

/** This JVM cannot trace. Nothing has been started. */
public final class TracingUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Availability.Reason reason;

    /**
     * Makes one.
     *
     * @param reason why not
     * @param message the reason in words, with the remedy
     */
    public TracingUnavailableException(Availability.Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Why not. */
    public Availability.Reason reason() {
        return reason;
    }
}
