package io.schedtrace.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.TracedCommand;
import io.schedtrace.Tracer;
import io.schedtrace.lab.Strace.Seen;
import io.schedtrace.model.Exec;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TcpSpan.Outcome;
import io.schedtrace.model.TcpSpan.Role;
import io.schedtrace.model.Trace;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One run of a command that strace and the kernel side have watched at once, and so with the same process ids and ports.
 *
 * @param trace the trace; strace itself, and who started it, are in it too
 * @param top the command
 * @param strace what strace has seen: the command and what is below it
 * @param output what all of them have written
 */
public record WatchedRun(Trace trace, ProcessSpan top, Strace strace, String output) {
    private static final Duration LIMIT = Patience.seconds(180);

    /**
     * Runs a command to its end and that of all its descendants.
     *
     * @param directory where it runs, and where its output and strace's file are
     * @param wrapper a command that becomes the one after it, which is strace
     */
    public static WatchedRun of(Path directory, List<String> wrapper, String... command)
            throws IOException, InterruptedException {
        Path log = Files.createTempFile(directory, "strace", ".txt");
        List<String> line = new ArrayList<>(wrapper);
        line.addAll(List.of(Strace.command(log, command)));
        File output = Files.createTempFile(directory, "output", ".txt").toFile();
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output);
        Trace trace;
        try (TracedCommand run = Tracer.launch(builder)) {
            if (!run.waitFor(LIMIT)) {
                Trace running = run.trace();
                run.killTree();
                throw new AssertionError("still running: " + running);
            }
            trace = run.awaitTree(LIMIT);
        }
        Strace strace = Strace.read(log, directory);
        long first = strace.processes().get(0).pid;
        ProcessSpan top = trace.processes().stream()
                .filter(process -> process.pid() == first)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no process " + first + " in\n" + trace));
        return new WatchedRun(trace, top, strace, Files.readString(output.toPath()));
    }

    /** Every process once, with its parent, the arguments of each exec, and its end; no other, and nothing lost. */
    public void shouldAgreeOnProcesses() {
        List<ProcessSpan> seen = Traces.descendants(trace, top);
        assertThat(seen.stream().map(WatchedRun::describe))
                .containsExactlyInAnyOrderElementsOf(
                        strace.processes().stream().map(this::describe).toList());
        assertThat(seen)
                .allSatisfy(process ->
                        assertThat(trace.process(process.parentSpanId()).pid()).isEqualTo(process.ppid()));
        assertThat(trace.roots()).hasSize(1);
        assertThat(trace.processes().stream().filter(process -> !seen.contains(process) && process != trace.root()))
                .as("children of the wrapper, and forks of strace itself")
                .allMatch(process -> trace.children(trace.root()).contains(process))
                .allMatch(process -> process.execs().isEmpty() || process.name().equals("ip"));
        assertThat(trace.loss().none()).as(trace.loss().toString()).isTrue();
        assertThat(trace.isComplete()).as(trace::toString).isTrue();
    }

    /** Every TCP connection once at each end, with the process that made it and all addresses; no other. */
    public void shouldAgreeOnConnections() {
        assertThat(ends(Role.CLIENT).map(span -> span.pid() + " to " + span.peer()))
                .containsExactlyInAnyOrderElementsOf(strace.connects().stream()
                        .map(connect -> connect.pid() + " to " + connect.peer())
                        .toList());
        Map<String, Long> acceptors = new HashMap<>();
        strace.accepts().forEach(accept -> acceptors.put("" + accept.peer(), accept.pid()));
        assertThat(ends(Role.SERVER).map(span -> "" + span.peer()))
                .containsExactlyInAnyOrderElementsOf(strace.accepts().stream()
                        .map(accept -> "" + accept.peer())
                        .toList());
        assertThat(ends(Role.SERVER)).allSatisfy(span -> {
            assertThat(lineage(span)).contains(acceptors.get("" + span.peer()));
        });
        Map<SpanId, TcpSpan> byId = new HashMap<>();
        trace.connections().forEach(span -> byId.put(span.spanId(), span));
        assertThat(ends(Role.CLIENT).filter(span -> span.outcome() != Outcome.REFUSED))
                .allSatisfy(client -> Observed.assertPeers(client, byId.get(client.peerSpanId())));
    }

    private Stream<TcpSpan> ends(Role role) {
        return trace.connections().stream().filter(span -> span.role() == role);
    }

    /** The process that owns a connection and its ancestors: who accepts may leave the connection to a child. */
    private List<Long> lineage(TcpSpan span) {
        return Stream.iterate(
                        trace.process(span.processSpanId()),
                        process -> process != null,
                        process -> trace.process(process.parentSpanId()))
                .map(ProcessSpan::pid)
                .toList();
    }

    private static String describe(ProcessSpan process) {
        return process.pid() + " of " + process.ppid() + " "
                + process.execs().stream().map(Exec::arguments).toList() + " " + process.exit();
    }

    private String describe(Seen process) {
        return process.pid + " of " + (process.parent == 0 ? top.ppid() : Long.valueOf(process.parent)) + " "
                + process.execs + " " + process.end;
    }
}
