package io.schedtrace.bpf;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The helper, a program with capabilities in its file: it loads the BPF programs for a user who has none, hands over their
 * file descriptors, and ends (sched-trace-helper.c). It is always at the same path, where only root can have put it.
 */
public final class Helper {
    /** Where it is installed. */
    public static final Path PATH = Path.of("/usr/local/libexec/sched-trace/sched-trace-helper");

    private static final String CAPABILITIES = "security.capability";

    /**
     * cap_bpf,cap_perfmon+ep as {@code struct vfs_cap_data} of linux/capability.h: the revision 2 with
     * VFS_CAP_FLAGS_EFFECTIVE, then permitted and inheritable, each in two little-endian words.
     */
    private static final byte[] BPF_AND_PERFMON = {1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xc0, 0, 0, 0, 0, 0, 0, 0
    };

    private static final int GROUP_OR_OTHERS_WRITE = 0022;
    private static final int ST_RDONLY = 1;
    private static final int ST_NOSUID = 2;
    private static final int TIMEOUT_MILLIS = 30_000;

    /** How long to wait for it. On a machine with nothing else to do it takes 50 ms. */
    static volatile int timeoutMillis = TIMEOUT_MILLIS;

    private Helper() {}

    /** Returns the handle of a probe, see {@link KernelProbe}. */
    static long open(int ringBytes) {
        return open(PATH.toString(), ringBytes, timeoutMillis);
    }

    /**
     * The program for this platform, as this jar has it.
     *
     * @throws MissingLibraryException if it has none
     */
    public static byte[] program() throws IOException {
        String resource = Platform.current().helperResource();
        try (InputStream program = Helper.class.getClassLoader().getResourceAsStream(resource)) {
            if (program == null) {
                throw new MissingLibraryException("sched-trace-native has no " + resource);
            }
            return program.readAllBytes();
        }
    }

    /** Whether a file has the capabilities of the helper, and no others. */
    public static boolean hasCapabilities(Path file) {
        NativeLibrary.require();
        return Arrays.equals(attribute(file.toString(), CAPABILITIES), BPF_AND_PERFMON);
    }

    /**
     * Gives a file the capabilities of the helper.
     *
     * @throws FileSystemException if the kernel or the file system refuses
     */
    public static void giveCapabilities(Path file) throws IOException {
        NativeLibrary.require();
        int result = setAttribute(file.toString(), CAPABILITIES, BPF_AND_PERFMON);
        if (result < 0) {
            throw new FileSystemException(file.toString(), null, "setxattr(2) failed with errno " + -result);
        }
    }

    /** Whether the file system of an existing file is mounted read-only. */
    public static boolean isReadOnly(Path file) {
        return hasMountFlag(file, ST_RDONLY);
    }

    /** Whether the file system of an existing file is mounted nosuid, so that capabilities of files do not count. */
    public static boolean isNoSuid(Path file) {
        return hasMountFlag(file, ST_NOSUID);
    }

    private static boolean hasMountFlag(Path file, int flag) {
        NativeLibrary.require();
        long flags = mountFlags(file.toString());
        return flags >= 0 && (flags & flag) != 0;
    }

    /**
     * Returns the first file or directory on the way to {@code file} that somebody else than root could replace or change; null
     * if there is none.
     *
     * @throws NoSuchFileException if there is no such file
     */
    public static @Nullable Path notOnlyRoots(Path file) throws IOException {
        for (Path start : List.of(file, file.toRealPath())) {
            for (Path path = start; path != null; path = path.getParent()) {
                if (!isOnlyRoots(path)) {
                    return path;
                }
            }
        }
        return null;
    }

    /** The mode of a symbolic link says nothing. */
    private static boolean isOnlyRoots(Path path) throws IOException {
        int owner = (int) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        return owner == 0 && (Files.isSymbolicLink(path) || (mode & GROUP_OR_OTHERS_WRITE) == 0);
    }

    private static native long open(String path, int ringBytes, int timeoutMillis);

    private static native byte @Nullable [] attribute(String path, String name);

    private static native int setAttribute(String path, String name, byte[] value);

    private static native long mountFlags(String path);
}
