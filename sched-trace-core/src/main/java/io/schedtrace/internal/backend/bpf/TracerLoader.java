package io.schedtrace.internal.backend.bpf;

import io.schedtrace.bpf.KernelProbe;
import io.schedtrace.bpf.MissingLibraryException;
import io.schedtrace.bpf.ProbeException;
import io.schedtrace.model.Availability.Reason;
import io.schedtrace.model.TracingUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Starts the tracer, or says why that is not possible and what to do about it. */
final class TracerLoader {
    /** pidfd_getfd(2); what else the tracer needs came earlier. */
    private static final int MAJOR = 5;

    private static final int MINOR = 6;
    private static final Path YAMA = Path.of("/proc/sys/kernel/yama/ptrace_scope");
    private static final int ADMIN_ONLY = 2;
    private static final int EPERM = 1;
    private static final int EACCES = 13;
    private static final int ENOSYS = 38;

    private TracerLoader() {}

    static KernelProbe load(int ringBytes) {
        ProbeLoader.requireKernel("the tracer", MAJOR, MINOR);
        OwnStatus status = OwnStatus.read();
        try {
            return KernelProbe.startTracer(ringBytes);
        } catch (MissingLibraryException e) {
            throw ProbeLoader.missing(e);
        } catch (ProbeException e) {
            throw new TracingUnavailableException(Reason.REFUSED, explain(e, status, yamaScope()));
        }
    }

    private static int yamaScope() {
        try {
            return Integer.parseInt(Files.readString(YAMA).strip());
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    static String explain(ProbeException e, OwnStatus status, int yamaScope) {
        if (e.errno() != EPERM && e.errno() != EACCES && e.errno() != ENOSYS) {
            return "the tracer does not start: " + e.getMessage();
        }
        if (status.isTraced()) {
            return "another program traces this JVM already, and a process has one tracer; end that debugger or strace";
        }
        if (yamaScope >= ADMIN_ONLY) {
            return "the kernel allows no ptrace(2) without privileges: " + YAMA + " is " + yamaScope
                    + (yamaScope == ADMIN_ONLY
                            ? "; set it to 1 (sudo sysctl kernel.yama.ptrace_scope=1)"
                            : ", which can only be changed by a restart with another setting");
        }
        if (status.hasSeccompFilter()) {
            return "the seccomp filter of this JVM seems to forbid ptrace(2); allow it, for example: docker run"
                    + " --cap-add=SYS_PTRACE";
        }
        return "the kernel does not allow the tracer to trace this JVM (" + e.getMessage()
                + "); its user must be able to read the java program, which must have no capabilities";
    }
}
