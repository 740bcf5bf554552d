/** The kernel side: BPF program, JNI shim, ring buffer. It knows bytes, and nothing of spans. */
module io.schedtrace.bpf {
    requires static org.jspecify;
    requires org.jnrproject.ffi;
    // Of jnr-ffi, which as an automatic module cannot ask for it.
    requires org.objectweb.asm;

    // For io.schedtrace alone, and for the class that jnr-ffi makes of the interface in Libc, which is in no module.
    exports io.schedtrace.bpf;
}
