package io.schedtrace.cli;

import io.schedtrace.bpf.Helper;
import io.schedtrace.bpf.MissingLibraryException;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sched-trace setup}: installs the helper or the daemon for all users of this machine, or removes them. */
@Command(
        name = "setup",
        description = {
            "%nInstalls a helper, once, as root. From then on every user of this machine may trace processes of his own,"
                    + " without any privilege. With --daemon, also those may who are in a container, which needs"
                    + " /run/sched-trace mounted, in a user namespace, or under no_new_privs.%n"
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class Setup implements SubCommand {
    @Option(names = "--daemon", description = "Also install the daemon, which systemd starts when it is needed.")
    private boolean daemon;

    @Option(names = "--undo", description = "Remove the helper and the daemon; with --daemon, the daemon alone.")
    private boolean undo;

    @Override
    public int run(PrintWriter out, PrintWriter err) {
        HelperInstaller installer = new HelperInstaller(Helper.PATH, out);
        DaemonInstaller daemonInstaller = new DaemonInstaller(out);
        try {
            if (undo) {
                if (daemon || daemonInstaller.isThere()) {
                    daemonInstaller.remove();
                }
                if (!daemon) {
                    installer.remove();
                }
            } else {
                installer.install();
                if (daemon) {
                    daemonInstaller.install();
                }
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
