package io.schedtrace.cli;

/** {@link Setup} is not possible; the message says why, and what to do about it. */
final class SetupException extends RuntimeException {
    private static final long serialVersionUID = 1;

    SetupException(String message) {
        super(message);
    }
}
