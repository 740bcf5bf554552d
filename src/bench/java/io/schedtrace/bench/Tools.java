package io.schedtrace.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Programs that watch the whole system while they run. They are started, are waited for until they watch, and ended. */
final class Tools implements AutoCloseable {
    private static final File NOWHERE = new File("/dev/null");
    private static final String BPFTRACE = "BEGIN { printf(\"ready\\n\"); }"
            + " tracepoint:syscalls:sys_enter_execve { printf(\"exec %d %s \", pid, comm); join(args->argv); }"
            + " tracepoint:sched:sched_process_exit { printf(\"exit %d %s\\n\", pid, comm); }"
            + " tracepoint:sock:inet_sock_set_state { printf(\"tcp %d %d %d %d\\n\","
            + " args->oldstate, args->newstate, args->sport, args->dport); }";

    private final List<Process> running = new ArrayList<>();

    /** Programs of BPF that do nothing, at our tracepoints. */
    static Tools empty(Path out) throws IOException {
        Tools tools = new Tools();
        List<String> command = new ArrayList<>(List.of(out.resolve("attach").toString()));
        try (Stream<Path> pinned = Files.list(Path.of("/sys/fs/bpf/sched-trace-bench"))) {
            pinned.forEach(path -> command.add(path.toString()));
        }
        Process process =
                new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
        tools.running.add(process);
        awaitLine(process, "ready");
        return tools;
    }

    /** execsnoop, exitsnoop and tcplife of libbpf-tools. */
    static Tools libbpf() throws IOException, InterruptedException {
        Tools tools = new Tools();
        for (String name : List.of("execsnoop", "exitsnoop", "tcplife")) {
            Process process = new ProcessBuilder(name)
                    .redirectOutput(NOWHERE)
                    .redirectError(NOWHERE)
                    .start();
            tools.running.add(process);
        }
        for (Process process : tools.running) {
            awaitAttached(process);
        }
        return tools;
    }

    /** One bpftrace with a line of output for each exec, exit and change of a TCP socket. */
    static Tools bpftrace(Path out) throws IOException, InterruptedException {
        Tools tools = new Tools();
        Path output = out.resolve("bpftrace.out");
        Process process = new ProcessBuilder("bpftrace", "-e", BPFTRACE)
                .redirectOutput(output.toFile())
                .redirectError(NOWHERE)
                .start();
        tools.running.add(process);
        while (!Files.readString(output, StandardCharsets.ISO_8859_1).contains("ready")) {
            if (!process.isAlive()) {
                throw new IOException("bpftrace ended: " + process.exitValue());
            }
            Thread.sleep(20);
        }
        return tools;
    }

    private static void awaitLine(Process process, String expected) throws IOException {
        String line =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
        if (!expected.equals(line)) {
            throw new IOException("not ready: " + line);
        }
    }

    /** Until all of the tool's programs hang on their events; each is a file of the tool. */
    private static void awaitAttached(Process process) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + 60_000_000_000L;
        int before = -1;
        int links = 0;
        while (links == 0 || links != before) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("does not attach: " + process.pid());
            }
            before = links;
            Thread.sleep(100);
            links = links(process.pid());
        }
    }

    private static int links(long pid) throws IOException {
        int links = 0;
        try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            for (Path file : files.toList()) {
                if (Files.exists(file, java.nio.file.LinkOption.NOFOLLOW_LINKS)
                        && Files.readSymbolicLink(file).toString().equals("anon_inode:bpf_link")) {
                    links++;
                }
            }
        }
        return links;
    }

    @Override
    public void close() {
        for (Process process : running) {
            process.destroy();
        }
        for (Process process : running) {
            process.onExit().join();
        }
    }
}
