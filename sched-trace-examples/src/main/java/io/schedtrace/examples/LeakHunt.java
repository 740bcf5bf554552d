package io.schedtrace.examples;

import io.schedtrace.ProcessTreeTracer;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TreeStillRunningException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * A test that passes and leaves processes behind. One of them has made itself a daemon: a session of its own, no parent
 * but init. It is a child of nobody then, and still of this trace, which can end it.
 */
public final class LeakHunt {
    private static final String SCRIPT = "sleep 600 & (setsid sleep 700 &) ; exit 0";

    private LeakHunt() {}

    /** Runs the script, lists what it has left, and ends that. */
    public static void main(String[] args) throws IOException, InterruptedException {
        try (ProcessTreeTracer tracer =
                ProcessTreeTracer.builder().killOnClose(true).open()) {
            Process script = tracer.start(new ProcessBuilder("sh", "-c", SCRIPT));
            System.out.println("The script has ended with exit code " + script.waitFor() + ".");

            try {
                tracer.awaitTree(Duration.ofMillis(500));
                System.out.println("It has left nothing.");
            } catch (TreeStillRunningException e) {
                System.out.println("It has left:");
                System.out.println(e.trace());
            }

            int ended = tracer.killTree();
            Trace trace = tracer.awaitTree(Duration.ofSeconds(30));
            System.out.println("Processes ended: " + ended + ", still running: "
                    + running(trace).size());
        }
    }

    /** The processes that have not been seen to end. */
    static List<ProcessSpan> running(Trace trace) {
        return trace.processes().stream().filter(ProcessSpan::running).toList();
    }
}
