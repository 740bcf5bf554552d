package io.schedtrace.bpf;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Loads the JNI shim: from {@code -Dio.schedtrace.library=PATH} and nowhere else if that is set, else from the jar. */
final class NativeLibrary {
    static final String OVERRIDE = "io.schedtrace.library";

    /** The remedy for a temporary directory that is not suitable. */
    static final String ANOTHER_DIRECTORY =
            "set -Djava.io.tmpdir to a directory of your own that is not mounted noexec, or -D" + OVERRIDE + "=PATH";

    private static volatile boolean loaded;

    private NativeLibrary() {}

    /**
     * Loads it, unless that has been done before.
     *
     * @throws MissingLibraryException if there is no library for this platform, or if it cannot be loaded; the message
     *     says which file and why
     * @throws ProbeException if it is that of another version
     */
    static void require() {
        if (!loaded) {
            loadOnce();
        }
    }

    private static synchronized void loadOnce() {
        if (loaded) {
            return;
        }
        String override = System.getProperty(OVERRIDE);
        if (override == null) {
            loadFromJar(Platform.current());
        } else {
            loadFile(named(override), "-D" + OVERRIDE, "set it to the libschedtrace.so of this version and platform");
        }
        KernelProbe.requireSameLayout(KernelProbe.fingerprintOfShim());
        loaded = true;
    }

    private static Path named(String override) {
        try {
            return Path.of(override).toAbsolutePath();
        } catch (InvalidPathException e) {
            throw new MissingLibraryException("-D" + OVERRIDE + " is not a path: " + e.getMessage());
        }
    }

    private static void loadFromJar(Platform platform) {
        String resource = platform.libraryResource();
        try (InputStream library = NativeLibrary.class.getClassLoader().getResourceAsStream(resource)) {
            if (library == null) {
                throw new MissingLibraryException("sched-trace-native has no " + resource
                        + "; build it, or name one with -D" + OVERRIDE + "=PATH");
            }
            try (PrivateDirectory directory = PrivateDirectory.create()) {
                Path file = directory.path().resolve("libschedtrace.so");
                Files.copy(library, file);
                loadFile(file, "the library of sched-trace-native", ANOTHER_DIRECTORY);
            }
        } catch (IOException e) {
            throw new MissingLibraryException("cannot unpack " + resource + " in "
                    + System.getProperty("java.io.tmpdir") + " (" + e + "); " + ANOTHER_DIRECTORY);
        }
    }

    private static void loadFile(Path file, String source, String remedy) {
        try {
            System.load(file.toString());
        } catch (LinkageError e) {
            throw new MissingLibraryException("cannot load " + source + ": " + e.getMessage()
                    + "; the directory may be mounted noexec, or the library is for another platform or version; "
                    + remedy);
        } catch (IllegalCallerException e) {
            Module module = NativeLibrary.class.getModule();
            throw new MissingLibraryException("this JVM forbids native libraries (" + e.getMessage()
                    + "); run it with --enable-native-access="
                    + (module.isNamed() ? module.getName() : "ALL-UNNAMED"));
        }
    }
}
