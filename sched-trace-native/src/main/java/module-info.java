/** The kernel side: BPF program, JNI shim, ring buffer. It knows bytes, and nothing of spans. */
module io.schedtrace.bpf {
    requires static org.jspecify;
    requires org.jnrproject.ffi;

    exports io.schedtrace.bpf to
            io.schedtrace;
}
