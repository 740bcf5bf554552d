package io.schedtrace.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.TracedCommand;
import io.schedtrace.Tracer;
import io.schedtrace.model.Exec;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Trace;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** Runs commands under trace, and writes traces down in a form that is the same for each run. */
public final class Traces {
    /** Longer than any test program runs on a slow machine. */
    public static final Duration LONG = Patience.seconds(60);

    private Traces() {}

    /** The whole trace of a command whose output does not matter. */
    public static Trace of(String... command) throws IOException, InterruptedException {
        return of(quiet(command));
    }

    public static Trace of(ProcessBuilder builder) throws IOException, InterruptedException {
        try (TracedCommand command = Tracer.launch(builder)) {
            assertThat(command.waitFor(LONG)).isTrue();
            return command.awaitTree(LONG);
        }
    }

    public static ProcessBuilder quiet(String... command) {
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
    }

    public static ProcessSpan root(Trace trace) {
        assertThat(trace.roots()).hasSize(1);
        return trace.roots().get(0);
    }

    /** The only process that runs a program of that name at its end. */
    public static ProcessSpan named(Trace trace, String name) {
        List<ProcessSpan> found = trace.processes().stream()
                .filter(process -> !process.execs().isEmpty() && process.name().equals(name))
                .toList();
        assertThat(found).as(() -> name + " in\n" + trace).hasSize(1);
        return found.get(0);
    }

    /** Every process below one, itself included. */
    public static List<ProcessSpan> descendants(Trace trace, ProcessSpan process) {
        List<ProcessSpan> all = new java.util.ArrayList<>(List.of(process));
        trace.children(process).forEach(child -> all.addAll(descendants(trace, child)));
        return all;
    }

    /** A process and what is below it: {@code [[argv of each exec...] exit [children]]}; children in alphabetic order. */
    public static String shape(Trace trace, ProcessSpan process) {
        return process.execs().stream().map(Exec::arguments).toList() + " " + process.exit()
                + trace.children(process).stream()
                        .map(child -> shape(trace, child))
                        .sorted()
                        .collect(Collectors.joining(" ", " [", "]"));
    }
}
