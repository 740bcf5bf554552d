package io.schedtrace.bpf;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A directory for a library while it is loaded. It is new, belongs to this user, and no other user may write to it or
 * replace it. Closing it deletes it with its files.
 */
final class PrivateDirectory implements AutoCloseable {
    private static final int GROUP_OR_OTHERS_WRITE = 0022;
    private static final int STICKY = 01000;

    private final Path path;

    private PrivateDirectory(Path path) {
        this.path = path;
    }

    /**
     * Makes one in the directory that {@code java.io.tmpdir} names.
     *
     * @throws MissingLibraryException if that is not possible, or if another user could replace the directory
     */
    static PrivateDirectory create() {
        String temporary = System.getProperty("java.io.tmpdir");
        try {
            Path parent = Path.of(String.valueOf(temporary)).toRealPath();
            Path path = Files.createTempDirectory(
                    parent,
                    "sched-trace-",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            PrivateDirectory created = new PrivateDirectory(path);
            boolean safe = false;
            try {
                requireNobodyElses(parent, attribute(path, "unix:uid"));
                safe = true;
            } finally {
                if (!safe) {
                    created.close();
                }
            }
            return created;
        } catch (InvalidPathException e) {
            throw new MissingLibraryException(
                    "java.io.tmpdir has characters that are not in the charset of the locale: "
                            + temporary + "; set LC_ALL to a locale with UTF-8, for example C.UTF-8, or "
                            + NativeLibrary.ANOTHER_DIRECTORY);
        } catch (IOException e) {
            throw new MissingLibraryException(
                    "cannot make a directory in " + temporary + " (" + e + "); " + NativeLibrary.ANOTHER_DIRECTORY);
        }
    }

    /** The owner of a directory may replace what is in it, and so may all who can write to it unless it is sticky. */
    private static void requireNobodyElses(Path parent, int self) throws IOException {
        int mode = attribute(parent, "unix:mode");
        if ((mode & GROUP_OR_OTHERS_WRITE) != 0 && (mode & STICKY) == 0) {
            throw new MissingLibraryException("other users could replace a library in " + parent
                    + " while it is loaded; make it sticky (chmod +t), or " + NativeLibrary.ANOTHER_DIRECTORY);
        }
        int owner = attribute(parent, "unix:uid");
        if (owner != self && !RootUser.owns(parent)) {
            throw new MissingLibraryException("the owner of " + parent + ", the user with the id " + owner
                    + ", could replace a library in it while it is loaded; " + NativeLibrary.ANOTHER_DIRECTORY);
        }
    }

    private static int attribute(Path file, String name) throws IOException {
        return (int) Files.getAttribute(file, name);
    }

    /** The absolute path. */
    Path path() {
        return path;
    }

    /** Deletes the directory with its files; what cannot be deleted stays. */
    @Override
    public void close() {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // The library is loaded, or its own error is more important.
        }
    }
}
