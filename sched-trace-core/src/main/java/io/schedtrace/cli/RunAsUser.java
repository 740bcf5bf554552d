package io.schedtrace.cli;

import java.io.IOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs a command as a user of this system. setpriv(1) sets the user's ids and groups, drops inheritable and ambient
 * capabilities, and executes the command in the same process.
 *
 * @param name the user's name
 * @param uid the user's id
 * @param gid the id of the user's primary group
 * @param home the user's home directory
 */
record RunAsUser(String name, String uid, String gid, String home) {
    private static final int FIELDS = 7;

    /**
     * Looks up a user with getent(1).
     *
     * @throws IllegalArgumentException if there is no such user
     */
    static RunAsUser find(String name) throws IOException, InterruptedException {
        Process getent = new ProcessBuilder("getent", "--", "passwd", name)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String[] fields = new String(getent.getInputStream().readAllBytes(), Charset.defaultCharset())
                .strip()
                .split(":", -1);
        if (getent.waitFor() != 0 || fields.length != FIELDS) {
            throw new IllegalArgumentException("there is no user \"" + name + "\"; getent passwd lists them");
        }
        return new RunAsUser(fields[0], fields[2], fields[3], fields[5]);
    }

    /** The command line that runs {@code command} as this user. */
    List<String> commandLine(List<String> command) {
        List<String> line = new ArrayList<>(List.of(
                "setpriv",
                "--reuid=" + uid,
                "--regid=" + gid,
                "--init-groups",
                "--inh-caps=-all",
                "--ambient-caps=-all",
                "--"));
        line.addAll(command);
        return line;
    }

    /** Sets HOME, USER and LOGNAME in the environment of a command. */
    void putInto(Map<String, String> environment) {
        environment.put("HOME", home);
        environment.put("USER", name);
        environment.put("LOGNAME", name);
    }
}
