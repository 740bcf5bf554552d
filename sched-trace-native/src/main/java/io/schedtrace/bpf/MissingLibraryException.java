package io.schedtrace.bpf;

/** The JNI shim is missing or cannot be loaded. */
public final class MissingLibraryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MissingLibraryException(String message) {
        super(message);
    }
}
