package io.schedtrace.internal.backend.bpf;

import io.schedtrace.bpf.KernelProbe;
import io.schedtrace.bpf.MissingLibraryException;
import io.schedtrace.bpf.Platform;
import io.schedtrace.bpf.ProbeException;
import io.schedtrace.model.Availability.Reason;
import io.schedtrace.model.TracingUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Loads the BPF program, or says why that is not possible. */
final class ProbeLoader {
    /** bpf_for_each_map_elem(); task storage for tracing programs and BPF_FETCH came earlier. */
    private static final int MAJOR = 5;

    private static final int MINOR = 13;
    private static final Path BTF = Path.of("/sys/kernel/btf/vmlinux");
    private static final int CAP_SYS_ADMIN = 21;
    private static final int CAP_PERFMON = 38;
    private static final int CAP_BPF = 39;
    private static final int EPERM = 1;
    private static final int ENFILE = 23;
    private static final int EMFILE = 24;

    private ProbeLoader() {}

    static KernelProbe load(int ringBytes) {
        if (!Platform.current().isLinux()) {
            throw new TracingUnavailableException(
                    Reason.NOT_LINUX,
                    "tracing needs Linux, this is " + System.getProperty("os.name") + "; run it in a Linux machine");
        }
        String kernel = System.getProperty("os.version");
        if (!recentEnough(kernel)) {
            throw new TracingUnavailableException(
                    Reason.KERNEL_TOO_OLD,
                    "the kernel is too old: it is " + kernel + ", tracing needs " + MAJOR + '.' + MINOR + " or later");
        }
        if (!Files.isReadable(BTF)) {
            throw new TracingUnavailableException(
                    Reason.NO_BTF,
                    "the kernel has no BTF type information (" + BTF
                            + "); use one that is built with CONFIG_DEBUG_INFO_BTF=y, as those of the distributions are");
        }
        try {
            KernelProbe.wallOffsetNanos();
            requireCapabilities();
            return KernelProbe.load(ringBytes);
        } catch (MissingLibraryException e) {
            throw new TracingUnavailableException(
                    Reason.LIBRARY_MISSING, "the native library is missing: " + e.getMessage());
        } catch (ProbeException e) {
            if (outOfDescriptors(e)) {
                throw new TracingUnavailableException(
                        Reason.REFUSED,
                        "there are too few file descriptors left, tracing needs 64; close files, or raise the limit of"
                                + " this JVM (ulimit -n) or of the system (fs.file-max)");
            }
            if (e.errno() == EPERM && inUserNamespace()) {
                throw new TracingUnavailableException(
                        Reason.NO_CAPABILITY,
                        "the capabilities CAP_BPF and CAP_PERFMON of this JVM are those of a user namespace, which the"
                                + " kernel does not take; run it outside, as root or with these capabilities: "
                                + e.getMessage());
            }
            throw new TracingUnavailableException(
                    Reason.REFUSED, "the kernel refuses the BPF program: " + e.getMessage());
        }
    }

    /** libbpf may try again without type information, and then fails for want of that. */
    private static boolean outOfDescriptors(ProbeException e) {
        return e.errno() == EMFILE
                || e.errno() == ENFILE
                || String.valueOf(e.getMessage()).contains("(-" + EMFILE + ')');
    }

    static boolean recentEnough(String release) {
        Matcher matcher = Pattern.compile("(\\d{1,5})\\.(\\d{1,5}).*").matcher(release);
        if (!matcher.matches()) {
            return true;
        }
        int major = Integer.parseInt(matcher.group(1));
        int minor = Integer.parseInt(matcher.group(2));
        return major > MAJOR || (major == MAJOR && minor >= MINOR);
    }

    private static void requireCapabilities() {
        long effective = effectiveCapabilities();
        boolean bpf = has(effective, CAP_BPF);
        boolean perfmon = has(effective, CAP_PERFMON);
        if (!has(effective, CAP_SYS_ADMIN) && !(bpf && perfmon)) {
            String missing = bpf
                    ? "capability CAP_PERFMON is"
                    : perfmon ? "capability CAP_BPF is" : "capabilities CAP_BPF and CAP_PERFMON are";
            throw new TracingUnavailableException(
                    Reason.NO_CAPABILITY,
                    "the " + missing + " missing; run as root, or give them to this JVM, for"
                            + " example: sudo setpriv --reuid=$(id -u) --regid=$(id -g) --init-groups"
                            + " --inh-caps=+bpf,+perfmon --ambient-caps=+bpf,+perfmon -- COMMAND");
        }
    }

    /** The initial user namespace maps all ids to themselves: user_namespaces(7). */
    private static boolean inUserNamespace() {
        try {
            String map = Files.readString(Path.of("/proc/self/uid_map")).trim();
            return !map.replaceAll("\\s+", " ").equals("0 0 4294967295");
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean has(long capabilities, int capability) {
        return (capabilities >>> capability & 1) != 0;
    }

    /** CapEff of proc_pid_status(5); all of them if that cannot be read: the kernel has the last word. */
    private static long effectiveCapabilities() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("CapEff:"))
                    .mapToLong(line -> Long.parseUnsignedLong(
                            line.substring("CapEff:".length()).trim(), 16))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return -1;
        }
    }
}
