package io.schedtrace.bpf;

/** The helper or the daemon has not loaded the BPF programs. */
public final class HelperException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Failure failure;
    private final int error;

    /** Why not: {@code enum helper_status} in helper.h, in the same order. */
    public enum Failure {
        /** Stands for 0, which is no failure. */
        NONE,
        /** The helper was built from other sources than this jar. */
        OTHER_VERSION,
        /** The helper does not accept the size of the ring. */
        BAD_REQUEST,
        /** The kernel has not given the helper the capabilities of its file. */
        NO_CAPABILITIES,
        /** The kernel is older than 5.19. */
        OLD_KERNEL,
        /** The kernel refuses the programs; {@link #error()} is errno. */
        CANNOT_LOAD,
        /** The daemon serves this user as often as it may, {@link #error()} times. */
        TOO_MANY_OF_USER,
        /** The daemon serves as many clients as it may, {@link #error()}. */
        TOO_MANY,
        /** The programs refuse this process, which its user may not read in /proc; {@link #error()} is errno. */
        NOT_FOR_US,
        /** The helper cannot be executed, or the daemon not be reached; {@link #error()} is errno. */
        CANNOT_START,
        /** The helper has ended without an answer; {@link #error()} is the status as waitpid(2) returns it. */
        DIED,
        /** The helper has not answered in time. */
        SILENT,
        /** What the helper has answered makes no sense. */
        GARBAGE,
    }

    /** Called by the JNI shim. */
    HelperException(int failure, int error, String what) {
        super(what.isEmpty() ? Failure.values()[failure] + " (" + error + ')' : what);
        this.failure = Failure.values()[failure];
        this.error = error;
    }

    /** Why not. */
    public Failure failure() {
        return failure;
    }

    /** A number that {@link #failure()} explains; 0 if there is none. */
    public int error() {
        return error;
    }
}
