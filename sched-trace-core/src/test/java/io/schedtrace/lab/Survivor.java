package io.schedtrace.lab;

import io.schedtrace.ProcessTreeTracer;
import io.schedtrace.TracedCommand;
import io.schedtrace.Tracer;
import io.schedtrace.bpf.Processes;
import io.schedtrace.internal.backend.bpf.ProbeInternals;
import io.schedtrace.model.Trace;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/** What a JVM does to the tracer, by its first argument; it prints what has become of it. */
public final class Survivor {
    private Survivor() {}

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "memory" -> exhaustMemory(Integer.parseInt(arguments[1]));
            case "descriptors" -> closeEpoll();
            case "idle" -> goIdle();
            case "resize" -> resize(Integer.parseInt(arguments[1]));
            case "forgotten" -> forget(Integer.parseInt(arguments[1]));
            case "loaders" -> loadOften(Integer.parseInt(arguments[1]));
            case "traceInHook" -> traceInHook();
            case "trace" -> trace();
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void print(String what, Trace trace) {
        System.out.println(what + " " + trace.processes().size() + " processes, complete " + trace.isComplete()
                + ", lost " + trace.loss().records() + ", truncated "
                + (trace.loss().truncated() > 0));
    }

    private static void exhaustMemory(int processes) throws Exception {
        String[] command = {
            "sh",
            "-c",
            "a=$(head -c 120000 /dev/zero | tr '\\0' x); for i in $(seq " + processes + "); do /bin/true $a; done"
        };
        try (TracedCommand traced = Tracer.launch(Traces.quiet(command))) {
            traced.waitFor();
            Trace trace = traced.awaitTree(Traces.LONG);
            System.out.println(
                    "seen " + (trace.processes().size() + trace.loss().records() >= processes));
        }
        print("after", Traces.of("true"));
    }

    private static void closeEpoll() throws Exception {
        print("before", Traces.of("true"));
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            for (Path file : files.toList()) {
                if (target(file).contains("eventpoll")) {
                    Processes.pidfdClose(Integer.parseInt(file.getFileName().toString()));
                }
            }
        }
        print("after", Traces.of("sh", "-c", "sleep 0.3; true"));
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "";
        }
    }

    private static void goIdle() throws Exception {
        ProbeInternals.unloadAfterMillis(50);
        long pid = ProcessHandle.current().pid();
        print("first", Traces.of("true"));
        for (int i = 0; i < 500 && !ChildJvm.bpfObjects(pid).isEmpty(); i++) {
            Thread.sleep(20);
        }
        System.out.println("left " + ChildJvm.bpfObjects(pid));
        System.out.println("reader "
                + Thread.getAllStackTraces().keySet().stream()
                        .anyMatch(thread -> thread.getName().equals("sched-trace-reader")));
        print("second", Traces.of("true"));
    }

    /** Has the probe unloaded for want of sessions and for another size of the ring, both at about the same time. */
    private static void resize(int times) throws Exception {
        ProbeInternals.unloadAfterMillis(5);
        for (int i = 0; i < times; i++) {
            try (ProcessTreeTracer tracer =
                    ProcessTreeTracer.builder().ringSize(1 << (20 + i % 2)).open()) {
                tracer.start(Traces.quiet("true")).waitFor();
            }
            Thread.sleep(i % 10);
        }
        print("resized", Traces.of("true"));
    }

    private static void forget(int tracers) {
        for (int i = 0; i < tracers; i++) {
            ProcessTreeTracer.builder().open();
        }
        System.out.println("opened " + tracers);
    }

    private static void loadOften(int loaders) throws Exception {
        URL[] urls = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(path -> toUrl(Path.of(path)))
                .toArray(URL[]::new);
        for (int i = 0; i < loaders; i++) {
            URLClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
            Class<?> probe = loader.loadClass(ProbeInternals.class.getName());
            probe.getMethod("unloadAfterMillis", int.class).invoke(null, 20);
            loader.loadClass(Survivor.class.getName())
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) new String[] {"trace"});
        }
    }

    private static URL toUrl(Path path) {
        try {
            return path.toUri().toURL();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void trace() throws Exception {
        print("traced", Traces.of("true"));
    }

    private static void traceInHook() throws Exception {
        ProcessTreeTracer tracer = ProcessTreeTracer.builder().open();
        tracer.start(Traces.quiet("true")).waitFor();
        Thread reader = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("sched-trace-reader"))
                .findFirst()
                .orElseThrow();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                boolean inKernel = true;
                for (int i = 0; i < 500 && inKernel; i++) {
                    Thread.sleep(10);
                    inKernel = Arrays.stream(reader.getStackTrace())
                            .anyMatch(frame -> frame.isNativeMethod()
                                    && frame.getMethodName().equals("await"));
                }
                System.out.println("in the kernel " + inKernel);
                tracer.start(Traces.quiet("true")).waitFor();
                print("at the end", tracer.awaitTree(Traces.LONG));
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }));
        System.exit(0);
    }
}
