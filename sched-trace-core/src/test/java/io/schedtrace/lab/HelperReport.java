package io.schedtrace.lab;

import io.schedtrace.TracedCommand;
import io.schedtrace.Tracer;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TracingUnavailableException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** What {@link ChildJvm} runs to see what a user gets: traces a command, and prints its processes and connections. */
public final class HelperReport {
    private HelperReport() {}

    /** The first argument is a word, reversed: the last line tells whether the ring has it. The others are the command. */
    public static void main(String[] arguments) throws Exception {
        byte[] word = new StringBuilder(arguments[0]).reverse().toString().getBytes(StandardCharsets.US_ASCII);
        List<String> command = Arrays.asList(arguments).subList(1, arguments.length);
        try (TracedCommand traced = Tracer.launch(new ProcessBuilder(command).redirectErrorStream(true))) {
            String output = new String(traced.process().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            output.lines().forEach(line -> System.out.println("out " + line));
            traced.waitFor();
            Trace trace = traced.awaitTree(Traces.LONG);
            print(trace);
            System.out.println("word " + SelfReport.isInRing(word));
        } catch (TracingUnavailableException e) {
            System.out.println(e.reason() + ": " + e.getMessage());
        }
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private static void print(Trace trace) {
        System.out.println("via " + trace.via());
        for (ProcessSpan process : trace.processes()) {
            System.out.println("process " + process.commandLine() + " exit " + process.exitCode()
                    + (process.hidden()
                            ? " exe " + process.exe() + " execs "
                                    + process.execs().size()
                            : ""));
        }
        for (TcpSpan connection : trace.connections()) {
            System.out.println(
                    "connection " + connection.role() + ' ' + connection.peer() + ' ' + connection.outcome());
        }
        System.out.println("complete " + trace.isComplete());
    }
}
