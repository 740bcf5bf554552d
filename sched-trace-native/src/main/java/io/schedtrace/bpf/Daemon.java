package io.schedtrace.bpf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The daemon, which loads the BPF programs for whoever connects to its Unix socket, keeps them, and does what needs
 * bpf(2) for its clients (daemon.c). It serves where the {@link Helper} gains nothing, and where bpf(2) is forbidden.
 */
public final class Daemon {
    /** The system property that names another socket, for example where a container has it mounted. */
    public static final String PROPERTY = "io.schedtrace.daemon";

    /** Where the daemon listens by default. */
    public static final Path SOCKET = Path.of("/run/sched-trace/daemon.sock");

    private static final int GROUP_OR_OTHERS_WRITE = 0022;
    private static final int STICKY = 01000;
    private static final int TIMEOUT_MILLIS = 30_000;

    /** How long to wait for an answer. On a machine with nothing else to do it takes 60 ms. */
    static volatile int timeoutMillis = TIMEOUT_MILLIS;

    private Daemon() {}

    /** The socket of the daemon for this JVM. */
    public static Path socket() {
        String other = System.getProperty(PROPERTY);
        return other == null ? SOCKET : Path.of(other).toAbsolutePath();
    }

    /** Returns the handle of a probe, see {@link KernelProbe}. */
    static long open(int ringBytes) {
        return open(socket().toString(), ringBytes, timeoutMillis);
    }

    /**
     * Replaces this JVM by the daemon. Needs root.
     *
     * @param socket where it listens
     * @return the error number, if that fails
     */
    public static int become(Path socket) throws IOException {
        NativeLibrary.require();
        return -become(socket.toString(), Helper.program());
    }

    /**
     * Returns the socket, or the first directory on the way to it, that somebody else than root could have put there or
     * could replace; null if there is none.
     *
     * @throws java.nio.file.NoSuchFileException if there is no such file
     */
    public static @Nullable Path notOnlyRoots(Path socket) throws IOException {
        if (!RootUser.owns(socket)) {
            return socket;
        }
        for (Path start : new Path[] {socket, socket.toRealPath()}) {
            for (Path path = start.getParent(); path != null; path = path.getParent()) {
                if (!RootUser.owns(path) || mayBeChanged(path)) {
                    return path;
                }
            }
        }
        return null;
    }

    /**
     * Whether others may replace what is in a directory that belongs to root. The mode of a symbolic link says nothing.
     */
    private static boolean mayBeChanged(Path directory) throws IOException {
        int mode = (int) Files.getAttribute(directory, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        return !Files.isSymbolicLink(directory) && (mode & GROUP_OR_OTHERS_WRITE) != 0 && (mode & STICKY) == 0;
    }

    private static native long open(String path, int ringBytes, int timeoutMillis);

    private static native int become(String path, byte[] program);
}
