package io.schedtrace.cli;

import io.schedtrace.bpf.Helper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;

/** Installs the helper, and removes it. Both say what they do before they do it, and may be repeated. */
final class HelperInstaller {
    private static final Set<PosixFilePermission> FOR_ALL = PosixFilePermissions.fromString("rwxr-xr-x");

    private final Path helper;
    private final Path directory;
    private final PrintWriter out;

    HelperInstaller(Path helper, PrintWriter out) {
        this.helper = helper;
        this.directory = parent(helper);
        this.out = out;
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new SetupException(path + " has no directory");
        }
        return parent;
    }

    /**
     * Installs it, unless it is there already.
     *
     * @throws SetupException if that is not possible here
     */
    void install() throws IOException {
        Root.require("setup");
        byte[] program = Helper.program();
        if (isInstalled(program)) {
            out.println(helper + " is already installed; there is nothing to do");
            return;
        }
        out.println("installing " + helper + ": owner root, mode 0755, file capabilities cap_bpf,cap_perfmon+ep");
        out.println(
                "(every user of this machine may then trace processes of his own; sched-trace setup --undo removes it)");
        requireSuitableFileSystem();
        makeDirectories(directory);
        Path changeable = Helper.notOnlyRoots(directory);
        if (changeable != null) {
            throw new SetupException("others than root may change " + changeable
                    + ", and so what is in it; run: chown root " + changeable + " && chmod go-w " + changeable);
        }
        write(program);
        out.println("done");
    }

    /**
     * Removes it with its directory, if it is there.
     *
     * @throws SetupException if that is not possible here
     */
    void remove() throws IOException {
        Root.require("setup --undo");
        if (!Files.exists(helper, LinkOption.NOFOLLOW_LINKS)) {
            out.println(helper + " is not installed; there is nothing to do");
            return;
        }
        out.println("removing " + helper);
        if (Helper.isReadOnly(directory)) {
            throw readOnly(directory);
        }
        Files.delete(helper);
        try {
            Files.delete(directory);
        } catch (DirectoryNotEmptyException e) {
            out.println(directory + " has other files, and stays");
        }
        out.println("done");
    }

    private boolean isInstalled(byte[] program) throws IOException {
        return Files.isRegularFile(helper, LinkOption.NOFOLLOW_LINKS)
                && Arrays.equals(Files.readAllBytes(helper), program)
                && Helper.notOnlyRoots(helper) == null
                && Files.getPosixFilePermissions(helper).equals(FOR_ALL)
                && Helper.hasCapabilities(helper);
    }

    private void requireSuitableFileSystem() {
        Path there = directory;
        while (!Files.exists(there)) {
            there = parent(there);
        }
        if (Helper.isReadOnly(there)) {
            throw readOnly(there);
        }
        if (Helper.isNoSuid(there)) {
            throw new SetupException(
                    "the file system of " + there + " is mounted nosuid, so that capabilities of files do"
                            + " not count; remount it with suid first");
        }
    }

    private static SetupException readOnly(Path path) {
        return new SetupException("the file system of " + path + " is mounted read-only; remount it with rw first");
    }

    /** Makes a directory and those above it, whatever the umask is. */
    private static void makeDirectories(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            makeDirectories(parent(path));
            Files.createDirectory(path);
            Files.setPosixFilePermissions(path, FOR_ALL);
        }
    }

    /** Puts the whole program in its place at once: nobody can execute a part of it. */
    private void write(byte[] program) throws IOException {
        Path file = Files.createTempFile(directory, ".helper", "");
        try {
            Files.write(file, program);
            Files.setAttribute(file, "unix:uid", 0);
            Files.setAttribute(file, "unix:gid", 0);
            Files.setPosixFilePermissions(file, FOR_ALL);
            Helper.giveCapabilities(file);
            Files.move(file, helper, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
