package io.schedtrace.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that prints how long its work took, in nanoseconds.
 *
 * @param count the things that it does
 */
record Workload(String name, int count, List<String> command) {
    /** Starts a process in some way. */
    interface Starter {
        Process start(ProcessBuilder builder) throws IOException;
    }

    /** What one run took, in nanoseconds of wall time. */
    long run(List<String> prefix, Starter starter) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(prefix);
        line.addAll(command);
        Process process = starter.start(new ProcessBuilder(line).redirectError(Redirect.INHERIT));
        String printed =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
        if (process.waitFor() != 0 || printed == null) {
            throw new IOException(line + " failed: exit " + process.exitValue());
        }
        return Long.parseLong(printed);
    }
}
