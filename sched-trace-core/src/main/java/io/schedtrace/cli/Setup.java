package io.schedtrace.cli;

import io.schedtrace.bpf.Helper;
import io.schedtrace.bpf.MissingLibraryException;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sched-trace setup}: installs the helper for all users of this machine, or removes it. */
@Command(
        name = "setup",
        description = {
            "%nInstalls a helper, once, as root. From then on every user of this machine may trace processes of his own,"
                    + " without any privilege.%n"
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class Setup implements SubCommand {
    @Option(names = "--undo", description = "Remove the helper.")
    private boolean undo;

    @Override
    public int run(PrintWriter out, PrintWriter err) {
        HelperInstaller installer = new HelperInstaller(Helper.PATH, out);
        try {
            if (undo) {
                installer.remove();
            } else {
                installer.install();
            }
            return 0;
        } catch (SetupException | MissingLibraryException e) {
            err.println("sched-trace: " + e.getMessage());
        } catch (IOException e) {
            err.println("sched-trace: setup cannot write: " + e);
        }
        return ExitCodes.OWN_FAILURE;
    }
}
