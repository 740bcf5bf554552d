package io.schedtrace.model;

/** How a {@link Trace} came about, and so what its values can tell. */
public enum Via {
    /** BPF programs that this JVM loaded into the kernel recorded it. */
    BPF,
    /** BPF programs that the daemon has loaded for this JVM recorded it. */
    DAEMON,
    /** BPF programs that the installed helper loaded for this JVM recorded it. */
    HELPER,
    /** A tracer of this JVM recorded it with ptrace(2), which knows less: see docs/how-it-works.md. */
    PTRACE,
    /** It was read from a file of kernel records. */
    REPLAY,
    /** A program put it together with {@link Trace#builder()}, for example a test. */
    BUILT,
    /** Nothing was watched: the trace is empty whatever ran. */
    UNTRACED,
}
