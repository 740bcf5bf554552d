package io.schedtrace.model;

/** How a trace was taken. */
public enum Via {
    /** BPF programs in the kernel, loaded by this JVM. */
    BPF,
    /** Records that were read from a file. */
    REPLAY,
    /** A program put it together with a builder. */
    BUILT,
    /** Nothing was watched. */
    UNTRACED
}
