package io.schedtrace.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.schedtrace.ProcessTreeTracer;
import io.schedtrace.ThreadScope;
import io.schedtrace.hosts.HostOptions;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.Trace;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A tracer in a JVM of its own, which runs inside a {@link NamesLab} and looks names up there. */
public final class NamesInside {
    /** Options: the tracer records DNS; it looks nothing up; the JVM itself connects, to a host and a port. */
    public enum Mode {
        DNS,
        NO_LOOKUPS,
        SELF
    }

    private NamesInside() {}

    /** The names of each connection, the first end first: the peer's port, then {@code name (origin)}. */
    public static List<String> run(NamesLab lab, Map<String, String> environment, List<Mode> modes, String... command)
            throws IOException, InterruptedException {
        List<String> java = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                NamesInside.class.getName(),
                modes.toString()));
        java.addAll(List.of(command));
        ProcessBuilder builder = lab.inside(java);
        builder.environment().putAll(environment);
        Process process = builder.start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), UTF_8)
                .lines()
                .toList();
        int code = process.waitFor();
        if (code != 0) {
            throw new IOException("exit status " + code + "\n" + String.join("\n", lines));
        }
        return lines;
    }

    /** Takes modes and a command. */
    public static void main(String[] args) throws Exception {
        List<String> command = Arrays.asList(args).subList(1, args.length);
        ProcessTreeTracer.Builder tracer = ProcessTreeTracer.builder()
                .dns(args[0].contains(Mode.DNS.name()))
                .hostOptions(HostOptions.defaults().withResolveCandidates(!args[0].contains(Mode.NO_LOOKUPS.name())));
        if (args[0].contains(Mode.SELF.name())) {
            try (ProcessTreeTracer t = tracer.open()) {
                try (ThreadScope scope = t.enter();
                        Socket socket = new Socket(command.get(0), Integer.parseInt(command.get(1)))) {
                    socket.getOutputStream().write('x');
                }
                t.close();
                print(t.trace());
            }
        } else {
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(Redirect.INHERIT);
            print(NamesOfConnections.trace(tracer, builder));
        }
    }

    private static void print(Trace trace) {
        for (TcpSpan span : trace.connections()) {
            System.out.println(
                    span.peer().getPort() + " " + String.join(", ", NamesOfConnections.names(span.peerHosts())));
        }
    }
}
