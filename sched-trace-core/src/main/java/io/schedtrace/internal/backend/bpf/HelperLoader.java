package io.schedtrace.internal.backend.bpf;

import io.schedtrace.bpf.Helper;
import io.schedtrace.bpf.HelperException;
import io.schedtrace.bpf.KernelProbe;
import io.schedtrace.bpf.MissingLibraryException;
import io.schedtrace.model.Availability.Reason;
import io.schedtrace.model.TracingUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Has the installed helper load the BPF programs, or says why that is not possible and what to do about it. */
final class HelperLoader {
    /** A process without capabilities may use the descriptors since this release. */
    private static final int MAJOR = 5;

    private static final int MINOR = 19;
    private static final String SETUP = "sudo sched-trace setup";
    private static final int EPERM = 1;
    private static final int EACCES = 13;
    private static final int EMFILE = 24;
    private static final int EDQUOT = 122;

    private HelperLoader() {}

    static KernelProbe load(int ringBytes) {
        ProbeLoader.requirePlatform("the helper", MAJOR, MINOR);
        OwnStatus status = OwnStatus.read();
        if (status.inUserNamespace()) {
            throw refused(
                    "this JVM is in a user namespace, where the capabilities of the helper do not count; run it outside");
        }
        try {
            KernelProbe.wallOffsetNanos();
            requireInstalled();
            return KernelProbe.loadThroughHelper(ringBytes);
        } catch (MissingLibraryException e) {
            throw ProbeLoader.missing(e);
        } catch (IOException e) {
            throw refused("the helper cannot be examined: " + e);
        } catch (HelperException e) {
            throw refused(explain(e, Remedies.current().helper(Helper.isNoSuid(Helper.PATH))));
        }
    }

    private static void requireInstalled() throws IOException {
        if (!Files.isRegularFile(Helper.PATH, LinkOption.NOFOLLOW_LINKS)) {
            throw notInstalled();
        }
        Path changeable;
        try {
            changeable = Helper.notOnlyRoots(Helper.PATH);
        } catch (NoSuchFileException e) {
            throw notInstalled();
        }
        if (changeable != null) {
            throw refused("others than root may change " + changeable + ", so the helper is not trusted; run: "
                    + (changeable.equals(Helper.PATH)
                            ? SETUP + " again"
                            : "sudo chown root " + changeable + " && sudo chmod go-w " + changeable));
        }
        if (!Helper.hasCapabilities(Helper.PATH)) {
            throw refused("the helper " + Helper.PATH + " has lost its capabilities; run again: " + SETUP);
        }
    }

    /** Where it would be of no use, that is what matters. */
    private static TracingUnavailableException notInstalled() {
        String cause = Remedies.current().helper(false);
        return refused(cause == null ? "the helper is not installed; run once: " + SETUP : cause);
    }

    private static TracingUnavailableException refused(String message) {
        return new TracingUnavailableException(Reason.REFUSED, message);
    }

    private static String explain(HelperException e, @Nullable String cause) {
        return switch (e.failure()) {
            case OTHER_VERSION -> "the installed helper is of another version than this library; run again: " + SETUP;
            case OLD_KERNEL -> "the kernel is too old for the helper, which needs " + MAJOR + '.' + MINOR + " or later";
            case NO_CAPABILITIES ->
                cause != null ? cause : "the kernel gives the helper no capabilities; run again: " + SETUP;
            case CANNOT_START -> cannotStart(e.error(), cause);
            case CANNOT_LOAD -> cannotLoad(e, cause);
            case DIED -> died(e.error());
            case GARBAGE -> "the helper gives an answer that makes no sense; run again: " + SETUP;
            case SILENT -> "the helper does not answer; run again: " + SETUP;
            case NOT_FOR_US -> notForUs(e.error());
            case BAD_REQUEST, TOO_MANY_OF_USER, TOO_MANY, NONE ->
                "the helper makes rings of 4 KiB to 64 MiB only; ask for such a ringSize, or trace as root";
        };
    }

    /** The status is that of waitpid(2). */
    private static String died(int status) {
        int signal = status & 0x7f;
        String end = signal == 0 ? "has ended with status " + (status >> 8) : "was ended by signal " + signal;
        return "the helper " + end + " before it answered; run again: " + SETUP;
    }

    private static String cannotStart(int errno, @Nullable String cause) {
        if (errno == EPERM && cause != null) {
            return cause;
        }
        if (errno == EACCES) {
            return "this user may not execute the helper " + Helper.PATH + "; run again: " + SETUP
                    + ", and see that its file system is not mounted noexec";
        }
        return errno == EMFILE
                ? "there are too few file descriptors left for the helper; close files, or raise the limit (ulimit -n)"
                : "the helper cannot be started (errno " + errno + ')';
    }

    private static String cannotLoad(HelperException e, @Nullable String cause) {
        if (e.error() == EPERM && cause != null) {
            return cause;
        }
        if (e.error() == EDQUOT) {
            return "64 JVMs of this user trace through the helper already; end one of them";
        }
        String failed = "the helper " + e.getMessage() + " (errno " + e.error() + ')';
        return e.error() == EPERM && OwnStatus.read().hasSeccompFilter()
                ? failed + "; a seccomp filter seems to forbid bpf(2), as the default profiles of container engines do"
                : failed;
    }

    private static String notForUs(int errno) {
        return errno == EPERM
                ? "the helper serves only processes whose user may read them in /proc, and this JVM is none: it has"
                        + " capabilities, different user or group ids, a program that its user may not read, or a seccomp"
                        + " filter that forbids bpf(2); run it without these"
                : "the programs that the helper has loaded cannot be used (errno " + errno + ')';
    }
}
