package io.schedtrace.cli;

import io.schedtrace.bpf.Daemon;
import io.schedtrace.bpf.MissingLibraryException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import picocli.CommandLine.Command;

/** {@code sched-trace daemon}: becomes the daemon. */
@Command(
        name = "daemon",
        description = {
            "%nRuns the daemon until it is interrupted, as root. Meanwhile every user of this machine may trace processes of"
                    + " his own, also in containers that have the directory of its socket mounted:"
                    + " docker run -v /run/sched-trace:/run/sched-trace.%n"
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class RunDaemon implements SubCommand {
    private static final int EADDRINUSE = 98;

    @Override
    public int run(PrintWriter out, PrintWriter err) {
        Path socket = Daemon.socket();
        try {
            Root.require("daemon");
            makeDirectory(socket);
            Path foreign = Daemon.notOnlyRoots(directory(socket));
            if (foreign != null) {
                throw new SetupException(
                        "others than root may change " + foreign + ", so that no JVM would trust the daemon;"
                                + " run: chown root " + foreign + " && chmod go-w " + foreign);
            }
            out.println("listening at " + socket + "; Ctrl-C ends the daemon");
            int error = Daemon.become(socket);
            err.println("sched-trace: "
                    + (error == EADDRINUSE
                            ? "a daemon listens at " + socket + " already"
                            : "the daemon cannot listen at " + socket + " (errno " + error + ')'));
        } catch (SetupException | MissingLibraryException e) {
            err.println("sched-trace: " + e.getMessage());
        } catch (IOException e) {
            err.println("sched-trace: the daemon cannot listen at " + socket + ": " + e);
        }
        return ExitCodes.OWN_FAILURE;
    }

    private static Path directory(Path socket) {
        Path directory = socket.getParent();
        if (directory == null) {
            throw new SetupException(socket + " is no file");
        }
        return directory;
    }

    private static void makeDirectory(Path socket) throws IOException {
        Path directory = directory(socket);
        if (!Files.isDirectory(directory)) {
            Files.createDirectory(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }
}
