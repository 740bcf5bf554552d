package io.schedtrace.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.schedtrace.JvmScope;
import io.schedtrace.ProcessTreeTracer;
import io.schedtrace.ThreadScope;
import io.schedtrace.TracedCommand;
import io.schedtrace.Tracer;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TracingUnavailableException;
import io.schedtrace.model.Via;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What {@link ChildJvm} runs to try the tracer as an ordinary user: the first argument names one of the methods. */
public final class PtraceTrials {
    private static volatile Object nothing;

    private PtraceTrials() {}

    public static void main(String[] arguments) throws Exception {
        PtraceTrials.class.getDeclaredMethod(arguments[0]).invoke(null);
        System.out.println("passed");
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private static Process sh(ProcessTreeTracer tracer, String script) throws Exception {
        return tracer.start(new ProcessBuilder("sh", "-c", script).redirectErrorStream(true));
    }

    private static String outputOf(Process process) throws Exception {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static List<String> lines(Trace trace) {
        return trace.processes().stream()
                .map(span -> span.commandLine() + " " + span.exitCode())
                .toList();
    }

    static void launch() throws Exception {
        try (TracedCommand command = Tracer.launch("sh", "-c", "/bin/true; (exit 3); env -i A=b sh -c 'kill -9 $$'")) {
            assertThat(command.waitFor()).isEqualTo(137);
            Trace trace = command.awaitTree(Traces.LONG);
            assertThat(trace.via()).isEqualTo(Via.PTRACE);
            assertThat(trace.isComplete()).isTrue();
            ProcessSpan shell = trace.processes().get(0);
            assertThat(shell.pid()).isEqualTo(command.process().pid());
            assertThat(shell.ppid()).isEqualTo(ProcessHandle.current().pid());
            assertThat(shell.arguments()).startsWith("sh", "-c");
            assertThat(shell.cpuTime()).isNotNull();
            assertThat(lines(trace)).hasSize(4).contains("true 0");
            assertThat(trace.processes())
                    .filteredOn(span -> span.exitCode() != null && span.exitCode() == 3)
                    .singleElement()
                    .satisfies(span -> assertThat(span.parentSpanId()).isEqualTo(shell.spanId()));
        }
    }

    /** A thread's own scope, that of the JVM, and neither. */
    static void scopes() throws Exception {
        try (ProcessTreeTracer own = ProcessTreeTracer.builder().open();
                ProcessTreeTracer all = ProcessTreeTracer.builder().open()) {
            List<Thread> threads = new ArrayList<>();
            try (JvmScope jvm = all.enterJvm();
                    ThreadScope scope = own.enter()) {
                new ProcessBuilder("true", "mine").start().waitFor();
                Thread heir = new Thread(() -> run("true", "heirs"));
                heir.start();
                heir.join();
                try (ThreadScope outside = ThreadScope.outside()) {
                    new ProcessBuilder("true", "outside").start().waitFor();
                }
            }
            try (JvmScope jvm = all.enterJvm()) {
                for (int i = 0; i < 4; i++) {
                    threads.add(new Thread(() -> run("true", "all")));
                }
                threads.forEach(Thread::start);
                for (Thread thread : threads) {
                    thread.join();
                }
            }
            new ProcessBuilder("true", "nobodys").start().waitFor();
            assertThat(arguments(own.awaitTree(Traces.LONG))).containsExactlyInAnyOrder("mine", "heirs");
            assertThat(arguments(all.awaitTree(Traces.LONG))).containsExactlyInAnyOrder("all", "all", "all", "all");
        }
    }

    private static List<String> arguments(Trace trace) {
        assertThat(trace.isComplete()).isTrue();
        return trace.processes().stream().map(span -> span.arguments().get(1)).toList();
    }

    private static int run(String... command) {
        try {
            return new ProcessBuilder(command).start().waitFor();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs a program, and prints what it prints. */
    static void output() throws Exception {
        try (ProcessTreeTracer tracer = ProcessTreeTracer.builder().open()) {
            Process process = sh(tracer, "\"$PROGRAM\"");
            System.out.print(outputOf(process));
            assertThat(tracer.awaitTree(Traces.LONG).isComplete()).isTrue();
        }
    }

    /** Processes whose creators are killed while they make them: none stays stopped. */
    static void killedCreators() throws Exception {
        try (ProcessTreeTracer tracer = ProcessTreeTracer.builder().open()) {
            Process process = sh(
                    tracer,
                    "for i in $(seq 60); do bash -c 'while :; do (:) & done' 2>/dev/null & sleep 0.0$((i % 10)); kill -9 $!;"
                            + " done; wait; sleep 3; for s in /proc/[0-9]*/stat; do"
                            + " read -r pid name state rest <$s && [ \"$state\" = t ] && echo \"$pid $name\"; done 2>/dev/null;"
                            + " echo end");
            assertThat(outputOf(process)).isEqualTo("end\n");
            assertThat(tracer.awaitTree(Traces.LONG).isComplete()).isTrue();
        }
    }

    private static long tracer() throws Exception {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .filter(path -> path.getFileName().toString().matches("\\d+"))
                    .filter(path -> ownStatus("TracerPid", path.resolve("status")) == 0)
                    .filter(PtraceTrials::isTracer)
                    .mapToLong(path -> Long.parseLong(path.getFileName().toString()))
                    .filter(pid -> tracersOfThisJvm().contains(pid))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static List<Long> tracersOfThisJvm() {
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            return threads.map(path -> ownStatus("TracerPid", path.resolve("status")))
                    .toList();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static boolean isTracer(Path process) {
        try {
            return Files.readString(process.resolve("comm")).startsWith("sched-trace-ptr");
        } catch (java.io.IOException e) {
            return false;
        }
    }

    private static long ownStatus(String field, Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.startsWith(field + ":"))
                    .mapToLong(line ->
                            Long.parseLong(line.substring(field.length() + 1).strip()))
                    .findFirst()
                    .orElse(0);
        } catch (java.io.IOException e) {
            return -1;
        }
    }

    /** The program goes on, the trace says that it is not complete, and the next tracer starts another process. */
    static void killedTracer() throws Exception {
        try (ProcessTreeTracer tracer = ProcessTreeTracer.builder().open()) {
            Process process = sh(
                    tracer,
                    "for i in $(seq 400); do /bin/true || echo failed; [ $i = 100 ] && echo hundred; done; echo end");
            assertThat(process.inputReader().readLine()).isEqualTo("hundred");
            ProcessHandle.of(tracer()).orElseThrow().destroyForcibly();
            assertThat(process.inputReader().readLine()).isEqualTo("end");
            assertThat(process.waitFor()).isZero();
            Trace trace = tracer.awaitTree(Traces.LONG);
            assertThat(trace.isComplete()).isFalse();
            assertThat(trace.loss().cut()).isEqualTo("the process that traces was killed");
            assertThatThrownBy(() -> sh(tracer, "true")).isInstanceOf(RuntimeException.class);
        }
        launch();
    }

    /** The program connects all the time, also after the tracer was killed. */
    static void killedTracerOfConnections() throws Exception {
        try (ProcessTreeTracer tracer = ProcessTreeTracer.builder().open()) {
            Process process = sh(
                    tracer,
                    "for i in $(seq 200); do bash -c 'exec 3<>/dev/tcp/127.0.0.1/9' 2>&1 | grep -vc refused;"
                            + " [ $i = 50 ] && echo fifty; done; echo end");
            List<String> lines = new ArrayList<>();
            BufferedReader out = process.inputReader();
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(line);
                if (line.equals("fifty")) {
                    ProcessHandle.of(tracer()).orElseThrow().destroyForcibly();
                }
            }
            assertThat(lines).endsWith("end");
            // Calls between the two tracers fail otherwise.
            assertThat(lines).filteredOn("1"::equals).hasSizeLessThan(3);
            assertThat(tracer.awaitTree(Traces.LONG).isComplete()).isFalse();
        }
    }

    private static final String CLIENTS = """
            import errno, select, socket, struct, threading
            def serve(listener, reply):
                while True:
                    peer, _ = listener.accept()
                    try:
                        data = peer.recv(100)
                        if data: peer.sendall(data * reply)
                    except ConnectionResetError: pass
                    peer.close()
            def listener(family, host):
                l = socket.socket(family); l.bind((host, 0)); l.listen(8)
                threading.Thread(target=serve, args=(l, 3), daemon=True).start()
                return l.getsockname()
            def talk(s):
                s.setblocking(True); s.sendall(b'hello')
                while s.recv(100): pass
                s.close()
            four, six = listener(socket.AF_INET, '127.0.0.1'), listener(socket.AF_INET6, '::1')
            s = socket.socket(); s.connect(four); talk(s)
            s = socket.socket(socket.AF_INET6); s.connect(six); talk(s)
            s = socket.socket(); s.setblocking(False); print(errno.errorcode[s.connect_ex(four)]); talk(s)
            s = socket.socket(); print(errno.errorcode[s.connect_ex(('127.0.0.1', 9))]); s.close()
            s = socket.socket(); s.setblocking(False); s.connect_ex(('127.0.0.1', 9))
            select.select([], [s], [], 5); print(errno.errorcode[s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)]); s.close()
            s = socket.socket(); s.connect(four)
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0)); s.close()
            """;

    /** Ends, outcomes and bytes are those that the program knows of. */
    static void connections() throws Exception {
        try (ProcessTreeTracer tracer = ProcessTreeTracer.builder().open()) {
            Process process = tracer.start(new ProcessBuilder("python3", "-c", CLIENTS).redirectErrorStream(true));
            assertThat(outputOf(process)).isEqualTo("EINPROGRESS\nECONNREFUSED\nECONNREFUSED\n");
            Trace trace = tracer.awaitTree(Traces.LONG);
            assertThat(trace.isComplete()).isTrue();
            List<String> clients = trace.connections().stream()
                    .filter(span -> span.role() == TcpSpan.Role.CLIENT)
                    .map(PtraceTrials::text)
                    .toList();
            assertThat(clients)
                    .containsExactlyInAnyOrder(
                            "IPV4 CLOSED 5 15 true",
                            "IPV6 CLOSED 5 15 true",
                            "IPV4 CLOSED 5 15 true",
                            "IPV4 REFUSED 0 0 false",
                            "IPV4 REFUSED 0 0 false",
                            "IPV4 RESET unknown true");
            assertThat(trace.connections())
                    .filteredOn(span -> span.role() == TcpSpan.Role.SERVER && span.outcome() == TcpSpan.Outcome.CLOSED)
                    .hasSize(3)
                    .allSatisfy(
                            span -> assertThat(span.counters().bytesReceived()).isEqualTo(5));
            assertThat(trace.listeners()).hasSize(2);
        }
    }

    private static String text(TcpSpan span) {
        String bytes = span.counters() == null
                ? "unknown"
                : span.counters().bytesSent() + " " + span.counters().bytesReceived();
        return span.family() + " " + span.outcome() + " " + bytes + " " + (span.establishedTime() != null);
    }

    /** Nothing changes for a JVM whose threads are traced while they collect garbage and meet null pointers. */
    static void storm() throws Exception {
        try (ProcessTreeTracer tracer = ProcessTreeTracer.builder().open();
                JvmScope scope = tracer.enterJvm()) {
            List<Thread> threads = new ArrayList<>();
            List<Throwable> failures = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Thread thread = new Thread(PtraceTrials::work);
                thread.setUncaughtExceptionHandler((at, failure) -> failures.add(failure));
                threads.add(thread);
                thread.start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(failures).isEmpty();
            Trace trace = tracer.awaitTree(Traces.LONG);
            assertThat(trace.isComplete()).isTrue();
            assertThat(trace.processes()).hasSize(200);
        }
    }

    private static void work() {
        List<byte[]> garbage = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            assertThat(run("sh", "-c", "exit " + (i & 7))).isEqualTo(i & 7);
            for (int k = 0; k < 2000; k++) {
                try {
                    nothing = nothing.hashCode();
                    throw new IllegalStateException("no exception");
                } catch (NullPointerException e) {
                    garbage.add(new byte[512 + k % 512]);
                }
            }
            garbage.clear();
            System.gc();
        }
    }

    /** Neither a debugger nor another tracer can have what is traced; it says so itself. */
    static void nestedStrace() throws Exception {
        try (ProcessTreeTracer tracer = ProcessTreeTracer.builder().open()) {
            Process process = sh(tracer, "strace -o /dev/null true");
            assertThat(outputOf(process)).contains("Operation not permitted");
            assertThat(process.waitFor()).isNotZero();
        }
    }

    /**
     * The tracer has been idle so long that it has ended, but for a process that still needs it; then another one
     * traces.
     */
    static void daemonAndNextTracer() throws Exception {
        Process daemon;
        try (ProcessTreeTracer tracer = ProcessTreeTracer.builder().open()) {
            daemon = sh(
                    tracer,
                    "(sleep 14; exec bash -c 'exec 3<>/dev/tcp/127.0.0.1/9' 2>\"$TMPDIR/daemon\") & exec sleep 0.1");
            daemon.waitFor();
        }
        TimeUnit.SECONDS.sleep(12);
        launch();
        TimeUnit.SECONDS.sleep(3);
        assertThat(Path.of(System.getenv("TMPDIR"), "daemon")).content().contains("refused");
    }

    /** For a test that kills this JVM. */
    static void untilKilled() throws Exception {
        ProcessTreeTracer tracer = ProcessTreeTracer.builder().open();
        sh(tracer, "for i in $(seq 20); do sleep 0.1; /bin/true || exit 1; done; touch \"$TMPDIR/finished\"");
        System.out.println("started " + tracer());
        System.out.flush();
        TimeUnit.MINUTES.sleep(1);
    }

    /** Traces, or says why not. */
    static void attempt() throws Exception {
        try {
            launch();
        } catch (TracingUnavailableException e) {
            System.out.println(e.reason() + ": " + e.getMessage());
        }
    }
}
