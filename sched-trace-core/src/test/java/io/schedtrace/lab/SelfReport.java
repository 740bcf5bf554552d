package io.schedtrace.lab;

import io.schedtrace.TracedCommand;
import io.schedtrace.Tracer;
import io.schedtrace.Tracing;
import io.schedtrace.bpf.Libc;
import io.schedtrace.model.Availability;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TracingUnavailableException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What {@link ChildJvm} runs: traces from within a JVM that has been put somewhere, and prints what it sees. */
public final class SelfReport {
    private SelfReport() {}

    /** {@code launch COMMAND...}: a line a process; {@code availability}: the reason and the message. */
    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "launch" -> launch(List.of(arguments).subList(1, arguments.length));
            case "availability" -> availability();
            case "extraction" -> extraction();
            case "libc" -> libc();
            case "ring" -> ring(arguments[1]);
            case "run-on" -> runOn(arguments[1]);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private static void launch(List<String> command) throws Exception {
        try (TracedCommand traced =
                Tracer.launch(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT))) {
            System.out.println("self " + ProcessHandle.current().pid());
            System.out.println("child " + traced.process().pid());
            String output = new String(traced.process().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            traced.waitFor();
            Trace trace = traced.awaitTree(Traces.LONG);
            output.lines().forEach(line -> System.out.println("out " + line));
            for (ProcessSpan process : trace.processes()) {
                System.out.println(String.join(
                        " ",
                        "process",
                        "" + process.pid(),
                        "" + process.hostPid(),
                        "" + process.ppid(),
                        "" + process.exit().waitStatus(),
                        "" + process.execs().size(),
                        process.exe(),
                        "" + process.uid()));
            }
            System.out.println("complete " + trace.isComplete());
        } catch (TracingUnavailableException e) {
            System.out.println(e.reason() + ": " + e.getMessage());
        }
    }

    private static void availability() {
        Availability availability = Tracing.availability();
        System.out.println(availability.reason() + ": " + availability.message());
    }

    /** Uses jnr-ffi, and prints the system properties that it may have changed. */
    private static void libc() {
        try {
            System.out.println("exists " + Libc.kill(ProcessHandle.current().pid(), 0));
        } catch (LinkageError e) {
            System.out.println("refused " + e.getCause());
        }
        for (String property : List.of("java.library.path", "jffi.extract.dir", "jffi.extract.name")) {
            System.out.println(property + ' ' + System.getProperty(property));
        }
    }

    /** Prints whether a word that a traced shell has in its environment is in the ring, before and after the tracer is closed. */
    private static void ring(String reversed) throws Exception {
        String script = "SECRET=$(printf %s \"$0\" | rev) /bin/true; SECRET=$(printf %s \"$0\" | rev) /bin/true";
        byte[] word = new StringBuilder(reversed).reverse().toString().getBytes(StandardCharsets.US_ASCII);
        try (TracedCommand traced = Tracer.launch("sh", "-c", script, reversed)) {
            traced.waitFor();
            traced.awaitTree(Traces.LONG);
            System.out.println("before " + isInRing(word));
        }
        boolean inRing = true;
        for (int i = 0; i < 200 && inRing; i++) {
            Thread.sleep(50);
            inRing = isInRing(word);
        }
        System.out.println("a moment after " + inRing);
    }

    static boolean isInRing(byte[] word) throws Exception {
        String needle = new String(word, StandardCharsets.ISO_8859_1);
        boolean found = false;
        try (RandomAccessFile memory = new RandomAccessFile("/proc/self/mem", "r")) {
            for (String line : Files.readAllLines(Path.of("/proc/self/maps"), StandardCharsets.ISO_8859_1)) {
                if (line.contains("bpf-map")) {
                    long start = Long.parseUnsignedLong(line.substring(0, line.indexOf('-')), 16);
                    long end = Long.parseUnsignedLong(line.substring(line.indexOf('-') + 1, line.indexOf(' ')), 16);
                    byte[] bytes = new byte[(int) (end - start)];
                    memory.seek(start);
                    memory.readFully(bytes);
                    found |= new String(bytes, StandardCharsets.ISO_8859_1).contains(needle);
                }
            }
        }
        return found;
    }

    /** Watches the temporary directory while the library is loaded. */
    private static void extraction() throws Exception {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        try (var watch = temporary.getFileSystem().newWatchService()) {
            temporary.register(watch, java.nio.file.StandardWatchEventKinds.ENTRY_CREATE);
            Thread looker = new Thread(() -> {
                while (!Thread.interrupted()) {
                    look(temporary);
                }
            });
            looker.start();
            System.out.println(Tracing.availability().message());
            looker.interrupt();
            looker.join();
            var key = watch.poll(10, TimeUnit.SECONDS);
            key.pollEvents().forEach(event -> System.out.println("created " + event.context()));
        }
        try (Stream<Path> left = Files.list(temporary)) {
            left.forEach(file -> System.out.println("left " + file.getFileName()));
        }
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            maps.filter(line -> line.contains("libschedtrace.so"))
                    .limit(1)
                    .forEach(line -> System.out.println("mapped"));
        }
    }

    private static void look(Path temporary) {
        try (Stream<Path> files = Files.list(temporary)) {
            files.filter(file -> file.getFileName().toString().startsWith("sched-trace-"))
                    .forEach(SelfReport::printPermissions);
        } catch (java.io.IOException e) {
            System.out.println(e);
        }
    }

    private static void printPermissions(Path directory) {
        try {
            System.out.println(
                    "permissions " + PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)));
        } catch (java.io.IOException e) {
            // It is gone already.
        }
    }

    /** Traces a command that outlives this JVM, which waits to be killed. */
    private static void runOn(String marker) throws Exception {
        Tracer.launch("sh", "-c", "while [ ! -e \"$0\" ]; do sleep 0.05; done; echo done > \"$0\"", marker);
        System.out.println("running");
        System.out.flush();
        Thread.sleep(Long.MAX_VALUE);
    }
}
