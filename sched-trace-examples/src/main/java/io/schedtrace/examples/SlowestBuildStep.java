package io.schedtrace.examples;

import io.schedtrace.Tracer;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Trace;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/**
 * A parallel build, and the step that took longest. Four rules run at once, so that no clock around {@code make} tells
 * which one to look at; every process has its own times in the trace.
 */
public final class SlowestBuildStep {
    private static final String MAKEFILE = """
            all: parser lexer tables driver
            parser lexer driver:
            \t@sleep 0.1; echo built $@
            tables:
            \t@sleep 0.9; echo built $@
            """;

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private SlowestBuildStep() {}

    /** Builds in a temporary directory and tells what took longest. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path makefile = Files.createTempFile("sched-trace-example", ".mk");
        try {
            Files.writeString(makefile, MAKEFILE);
            try (var t = Tracer.launch(
                    new ProcessBuilder("make", "-j4", "-f", makefile.toString()).redirectOutput(Redirect.DISCARD))) {
                Trace trace = t.awaitTree(PATIENCE);
                System.out.println(trace);

                Duration work = steps(trace).stream().map(ProcessSpan::duration).reduce(Duration.ZERO, Duration::plus);
                System.out.println("make took "
                        + trace.roots().get(0).duration().toMillis() + " ms for " + work.toMillis() + " ms of work.");

                ProcessSpan slowest = slowestStep(trace);
                System.out.println("The slowest step: " + String.join(" ", slowest.arguments()) + ", "
                        + slowest.duration().toMillis() + " ms");
            }
        } finally {
            Files.delete(makefile);
        }
    }

    /** What make itself started: a shell for each line of a recipe. */
    static List<ProcessSpan> steps(Trace trace) {
        return trace.children(trace.roots().get(0));
    }

    static ProcessSpan slowestStep(Trace trace) {
        return steps(trace).stream()
                .max(Comparator.comparing(ProcessSpan::duration))
                .orElseThrow();
    }
}
