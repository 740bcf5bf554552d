package io.schedtrace.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Whether this process is root. */
final class Root {
    private static final String INITIAL_USER_NAMESPACE = "0 0 4294967295";

    private Root() {}

    /**
     * Requires root in the initial user namespace.
     *
     * @param command the arguments of {@code sched-trace} that need it
     * @throws SetupException if this is another user
     */
    static void require(String command) throws IOException {
        int user = (int) Files.getAttribute(Path.of("/proc/self/status"), "unix:uid", LinkOption.NOFOLLOW_LINKS);
        if (user != 0) {
            throw new SetupException(command.split(" ", -1)[0] + " needs root; run: sudo sched-trace " + command);
        }
        String users = Files.readString(Path.of("/proc/self/uid_map")).strip().replaceAll("\\s+", " ");
        if (!users.equals(INITIAL_USER_NAMESPACE)) {
            throw new SetupException(
                    "this is root in a user namespace only, as in a container; run " + command + " as root outside");
        }
    }
}
