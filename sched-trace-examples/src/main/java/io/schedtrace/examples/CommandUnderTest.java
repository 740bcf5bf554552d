package io.schedtrace.examples;

import io.schedtrace.Tracer;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Trace;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * A command-line tool under test: a backup script that exits with 0 although a step of it has failed. Its output and its
 * exit code say nothing of that; the trace does.
 */
public final class CommandUnderTest {
    /** A pipeline's exit code is that of its last command. */
    private static final String SCRIPT = "tar -c /nowhere/to/be/found 2>/dev/null | gzip -9 >/dev/null";

    private CommandUnderTest() {}

    /** Runs the script and tells what it found. */
    public static void main(String[] args) throws IOException, InterruptedException {
        try (var t = Tracer.launch("sh", "-c", SCRIPT)) {
            int code = t.waitFor();
            System.out.println("The script says that it has succeeded: exit code " + code + ".");

            // Everything that the script started, whatever became of it.
            Trace trace = t.awaitTree(Duration.ofSeconds(30));
            System.out.println(trace);

            for (ProcessSpan step : failedSteps(trace)) {
                System.out.println("But " + step.name() + " ended with: " + step.exit());
            }
        }
    }

    /** The processes that ended with anything but exit code 0. */
    static List<ProcessSpan> failedSteps(Trace trace) {
        return trace.processes().stream()
                .filter(process -> process.exit() != null && !process.exit().success())
                .toList();
    }
}
