package io.schedtrace.bpf;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Loads the JNI shim: from {@code -Dio.schedtrace.library=PATH} and nowhere else if that is set, else from the jar. */
final class NativeLibrary {
    static final String OVERRIDE = "io.schedtrace.library";

    private static final int OTHERS_WRITE = 0002;
    private static final int STICKY = 01000;

    private NativeLibrary() {}

    /**
     * Loads it.
     *
     * @throws MissingLibraryException if there is no library for this platform or it cannot be loaded; the message says
     *     which file and why
     */
    static void load() {
        String override = System.getProperty(OVERRIDE);
        if (override == null) {
            loadFromJar(Platform.current());
        } else {
            loadFile(Path.of(override).toAbsolutePath(), "-D" + OVERRIDE);
        }
    }

    private static void loadFromJar(Platform platform) {
        String resource = platform.libraryResource();
        try (InputStream library = NativeLibrary.class.getClassLoader().getResourceAsStream(resource)) {
            if (library == null) {
                throw new MissingLibraryException("sched-trace-native has no " + resource
                        + "; build it, or name one with -D" + OVERRIDE + "=PATH");
            }
            requireNobodyElses(Path.of(System.getProperty("java.io.tmpdir")));
            Path directory = Files.createTempDirectory(
                    "sched-trace-", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Path file = directory.resolve("libschedtrace.so");
            try {
                Files.copy(library, file);
                loadFile(file, "the library of sched-trace-native");
            } finally {
                Files.deleteIfExists(file);
                Files.deleteIfExists(directory);
            }
        } catch (IOException e) {
            throw new MissingLibraryException(
                    "cannot unpack " + resource + " in " + System.getProperty("java.io.tmpdir") + " (" + e
                            + "); set -Djava.io.tmpdir to a writable directory, or -D" + OVERRIDE + "=PATH");
        }
    }

    /** In a directory that all may write and that is not sticky, anybody may put another file into the place of ours. */
    private static void requireNobodyElses(Path temporary) throws IOException {
        int mode = (int) Files.getAttribute(temporary, "unix:mode");
        if ((mode & OTHERS_WRITE) != 0 && (mode & STICKY) == 0) {
            throw new MissingLibraryException("anybody could replace the library in " + temporary
                    + " while it is loaded; make it sticky (chmod +t), set -Djava.io.tmpdir to another directory, or -D"
                    + OVERRIDE + "=PATH");
        }
    }

    private static void loadFile(Path file, String source) {
        try {
            System.load(file.toString());
        } catch (UnsatisfiedLinkError e) {
            throw new MissingLibraryException("cannot load " + source + ": " + e.getMessage()
                    + "; the directory may be mounted noexec, or the library is for another platform");
        }
    }
}
