package io.schedtrace.internal.backend.bpf;

import io.schedtrace.bpf.Daemon;
import io.schedtrace.bpf.HelperException;
import io.schedtrace.bpf.KernelProbe;
import io.schedtrace.bpf.MissingLibraryException;
import io.schedtrace.model.Availability.Reason;
import io.schedtrace.model.TracingUnavailableException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Has the daemon load the BPF programs, or says why that is not possible and what to do about it. */
final class DaemonLoader {
    /** A process without capabilities may use the ring since this release. */
    private static final int MAJOR = 5;

    private static final int MINOR = 19;
    private static final String START = "sudo sched-trace daemon";
    private static final int EACCES = 13;
    private static final int EMFILE = 24;
    private static final int ENAMETOOLONG = 36;
    private static final int ECONNREFUSED = 111;

    private DaemonLoader() {}

    static KernelProbe load(int ringBytes) {
        ProbeLoader.requirePlatform("the daemon", MAJOR, MINOR);
        try {
            Path socket = Daemon.socket();
            requireRoots(socket);
            return load(socket, ringBytes);
        } catch (InvalidPathException e) {
            throw refused("-D" + Daemon.PROPERTY + " names no file: " + e.getMessage());
        } catch (MissingLibraryException e) {
            throw ProbeLoader.missing(e);
        }
    }

    private static KernelProbe load(Path socket, int ringBytes) {
        try {
            return KernelProbe.loadByDaemon(ringBytes);
        } catch (HelperException e) {
            throw refused(explain(e, socket));
        }
    }

    private static void requireRoots(Path socket) {
        try {
            Path foreign = Daemon.notOnlyRoots(socket);
            if (foreign != null) {
                throw refused("others than root may change " + foreign + ", so that whoever listens at " + socket
                        + " is not trusted; start the daemon with its own socket: " + START);
            }
        } catch (NoSuchFileException e) {
            throw refused(
                    "no daemon listens at " + socket + "; " + Remedies.current().daemon());
        } catch (AccessDeniedException e) {
            throw refused("this user may not search the directory of " + socket + "; run: sudo chmod a+rx "
                    + socket.getParent());
        } catch (IOException e) {
            throw refused("the socket of the daemon cannot be examined: " + e);
        }
    }

    private static TracingUnavailableException refused(String message) {
        return new TracingUnavailableException(Reason.REFUSED, message);
    }

    private static String explain(HelperException e, Path socket) {
        return switch (e.failure()) {
            case OTHER_VERSION ->
                "the daemon is of another version than this library; start that of this version: " + START;
            case OLD_KERNEL -> "the kernel is too old for the daemon, which needs " + MAJOR + '.' + MINOR + " or later";
            case NO_CAPABILITIES -> "the daemon has lost its capabilities; start it again: " + START;
            case CANNOT_START -> cannotConnect(e.error(), socket);
            case CANNOT_LOAD -> "the daemon " + e.getMessage() + " (errno " + e.error() + ')';
            case DIED -> "the daemon has closed the connection without an answer; start it again: " + START;
            case GARBAGE -> "what listens at " + socket + " gives an answer that makes no sense; start: " + START;
            case SILENT -> "the daemon does not answer; start it again: " + START;
            case TOO_MANY_OF_USER ->
                "the daemon serves " + e.error() + " JVMs of this user already, which is its limit; end one of them";
            case TOO_MANY -> "the daemon serves " + e.error() + " JVMs already, which is its limit; end one of them";
            case NOT_FOR_US -> notForUs(e.error());
            case BAD_REQUEST, NONE ->
                "the daemon makes rings of 4 KiB to 16 MiB only; ask for such a ringSize, or trace as root";
        };
    }

    private static String cannotConnect(int errno, Path socket) {
        return switch (errno) {
            case ECONNREFUSED ->
                "no daemon listens at " + socket + " any more; "
                        + Remedies.current().daemon();
            case EACCES -> "this user may not connect to " + socket + "; start the daemon again: " + START;
            case EMFILE ->
                "there are too few file descriptors left for the daemon; close files, or raise the limit (ulimit -n)";
            case ENAMETOOLONG -> "the path of the daemon's socket is too long for the kernel: " + socket;
            default -> "the daemon at " + socket + " cannot be reached (errno " + errno + ')';
        };
    }

    private static String notForUs(int errno) {
        return errno == EACCES || errno == 1
                ? "the daemon serves only processes whose user may read them in /proc, and this JVM is none: it has"
                        + " different user or group ids, or a program that its user may not read; run it without these"
                : "the daemon does not find this JVM (errno " + errno
                        + "); start it where it sees the processes of this one, outside of containers";
    }
}
