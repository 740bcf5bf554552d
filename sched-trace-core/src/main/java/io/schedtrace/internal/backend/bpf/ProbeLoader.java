package io.schedtrace.internal.backend.bpf;

import io.schedtrace.bpf.KernelProbe;
import io.schedtrace.bpf.MissingLibraryException;
import io.schedtrace.bpf.Platform;
import io.schedtrace.bpf.ProbeException;
import io.schedtrace.model.Availability.Reason;
import io.schedtrace.model.TracingUnavailableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Loads the BPF program, or says why that is not possible and what to do about it. */
final class ProbeLoader {
    /** bpf_for_each_map_elem(); task storage for tracing programs and BPF_FETCH came earlier. */
    private static final int MAJOR = 5;

    private static final int MINOR = 13;
    private static final Path BTF = Path.of("/sys/kernel/btf/vmlinux");
    private static final int EPERM = 1;
    private static final int EACCES = 13;
    private static final int ENFILE = 23;
    private static final int EMFILE = 24;
    private static final int ENOSYS = 38;

    private ProbeLoader() {}

    static KernelProbe load(int ringBytes) {
        requirePlatform("tracing", MAJOR, MINOR);
        OwnStatus status = OwnStatus.read();
        if (status.inUserNamespace()) {
            throw new TracingUnavailableException(
                    Reason.NO_CAPABILITY,
                    "this JVM is in a user namespace, where the capabilities CAP_BPF and CAP_PERFMON do not count; run it"
                            + " outside, as root or with these capabilities");
        }
        try {
            KernelProbe.wallOffsetNanos();
            requireCapabilities(status);
            return KernelProbe.load(ringBytes);
        } catch (MissingLibraryException e) {
            throw missing(e);
        } catch (ProbeException e) {
            throw new TracingUnavailableException(Reason.REFUSED, refusal(e, status));
        }
    }

    static TracingUnavailableException missing(MissingLibraryException e) {
        return new TracingUnavailableException(
                Reason.LIBRARY_MISSING, "the native library is missing: " + e.getMessage());
    }

    /**
     * Requires Linux of that release or a later one, with type information.
     *
     * @param what needs it, for the message
     * @throws TracingUnavailableException if it is not
     */
    static void requirePlatform(String what, int major, int minor) {
        requireKernel(what, major, minor);
        if (!Files.isReadable(BTF)) {
            throw new TracingUnavailableException(
                    Reason.NO_BTF,
                    "the kernel has no BTF type information (" + BTF
                            + "); use one that is built with CONFIG_DEBUG_INFO_BTF=y, as those of the distributions are");
        }
    }

    /**
     * Requires Linux of that release or a later one.
     *
     * @param what needs it, for the message
     * @throws TracingUnavailableException if it is not
     */
    static void requireKernel(String what, int major, int minor) {
        if (!Platform.current().isLinux()) {
            throw new TracingUnavailableException(
                    Reason.NOT_LINUX,
                    "tracing needs Linux, this is " + System.getProperty("os.name") + "; run it in a Linux machine");
        }
        String kernel = System.getProperty("os.version");
        if (!recentEnough(kernel, major, minor)) {
            throw new TracingUnavailableException(
                    Reason.KERNEL_TOO_OLD,
                    "the kernel is too old: it is " + kernel + ", " + what + " needs " + major + '.' + minor
                            + " or later");
        }
    }

    private static String refusal(ProbeException e, OwnStatus status) {
        if (outOfDescriptors(e)) {
            return "there are too few file descriptors left, tracing needs 64; close files, or raise the limit of this JVM"
                    + " (ulimit -n) or of the system (fs.file-max)";
        }
        boolean denied = e.errno() == EPERM || e.errno() == EACCES || e.errno() == ENOSYS;
        if (denied && status.hasSeccompFilter()) {
            return Remedies.current().seccomp();
        }
        return "the kernel refuses the BPF program: " + e.getMessage();
    }

    /** libbpf may go on without type information, and then fails for want of that. */
    private static boolean outOfDescriptors(ProbeException e) {
        return e.errno() == EMFILE
                || e.errno() == ENFILE
                || String.valueOf(e.getMessage()).contains("(-" + EMFILE + ')');
    }

    static boolean recentEnough(String release) {
        return recentEnough(release, MAJOR, MINOR);
    }

    private static boolean recentEnough(String release, int wantedMajor, int wantedMinor) {
        Matcher matcher = Pattern.compile("(\\d{1,5})\\.(\\d{1,5}).*").matcher(release);
        if (!matcher.matches()) {
            return true;
        }
        int major = Integer.parseInt(matcher.group(1));
        int minor = Integer.parseInt(matcher.group(2));
        return major > wantedMajor || (major == wantedMajor && minor >= wantedMinor);
    }

    private static void requireCapabilities(OwnStatus status) {
        if (!status.hasBpf() || !status.hasPerfmon()) {
            throw new TracingUnavailableException(
                    Reason.NO_CAPABILITY, Remedies.current().capabilities());
        }
    }
}
