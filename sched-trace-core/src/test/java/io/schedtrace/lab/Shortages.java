package io.schedtrace.lab;

import io.schedtrace.ProcessTreeTracer;
import io.schedtrace.ShortageIT;
import io.schedtrace.TracedCommand;
import io.schedtrace.Tracer;
import io.schedtrace.TracerInternals;
import io.schedtrace.Tracing;
import io.schedtrace.internal.backend.bpf.ProbeInternals;
import io.schedtrace.internal.session.Session;
import io.schedtrace.model.Availability;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TraceListener;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** What {@link ShortageIT} runs in a JVM of its own: traces while something is short, and prints what came of it. */
public final class Shortages {
    /** So many threads, of which the last, when all are there, goes on as the process with another program. */
    private static final String MANY_THREADS = """
            import os, sys, threading
            threading.stack_size(65536)
            forever = threading.Event()
            for i in range(int(sys.argv[1]) - 1): threading.Thread(target=forever.wait, daemon=True).start()
            threading.Thread(target=os.execv, args=('/bin/sleep', ['sleep', '0.2'])).start()
            """;

    private Shortages() {}

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "files" -> files();
            case "first files" -> firstFiles();
            case "twice" -> twice();
            case "kill" -> kill(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
            case "threads" -> threads();
            case "storage" -> storage(arguments[1], "hold", arguments[2]);
            case "thread storage" -> storage("/usr/bin/python3", "-I", "-c", MANY_THREADS, arguments[1]);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private static String launch() throws InterruptedException {
        try (ProcessTreeTracer tracer =
                ProcessTreeTracer.builder().listener(new TraceListener() {}).open()) {
            tracer.start(Traces.quiet("true")).waitFor();
            return "launched " + tracer.awaitTree(Traces.LONG).isComplete();
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            return e.getMessage();
        }
    }

    /** With 0, 1, 2, ... descriptors to spare until all is well, in a JVM that has loaded its classes. */
    private static void files() throws Exception {
        launch();
        unload();
        Deque<FileInputStream> taken = new ArrayDeque<>();
        takeAll(taken);
        for (int spare = 0; ; spare++) {
            Availability availability = Tracing.availability();
            if (availability.available()) {
                break;
            }
            System.out.println("spare " + spare + ' ' + availability.message());
            System.out.println("spare " + spare + ' ' + launch());
            taken.pop().close();
        }
        for (FileInputStream file : taken) {
            file.close();
        }
        System.out.println("at last " + launch());
    }

    /** The first load of this JVM has 7, 8, ... descriptors, and a later one has enough. */
    private static void firstFiles() throws Exception {
        String kernel = System.setProperty("os.version", "4.0");
        System.out.println(Tracing.availability().reason());
        System.setProperty("os.version", kernel);
        Deque<FileInputStream> taken = new ArrayDeque<>();
        takeAll(taken);
        for (int spare = 0; spare < 10; spare++) {
            taken.pop().close();
            if (spare >= 6) {
                System.out.println(
                        "spare " + (spare + 1) + ' ' + Tracing.availability().message());
            }
        }
        for (FileInputStream file : taken) {
            file.close();
        }
        System.out.println("at last " + launch());
    }

    /** Asks twice, because the first time a call of the kernel may fail. */
    private static void twice() {
        System.out.println("first " + Tracing.availability().reason());
        System.out.println("second " + Tracing.availability().reason());
    }

    /** Ends so many processes with so many descriptors to spare. */
    private static void kill(int processes, int spare) throws Exception {
        String sleeps = "for i in $(seq " + (processes - 1) + "); do sleep 3600 & done; echo up; wait";
        try (TracedCommand command = Tracer.launch("sh", "-c", sleeps)) {
            System.out.println(command.process().inputReader().readLine());
            Tracer.launch("true").close();
            command.killTree();
        }
        try (TracedCommand command = Tracer.launch("sh", "-c", sleeps)) {
            command.process().inputReader().readLine();
            Deque<FileInputStream> taken = new ArrayDeque<>();
            takeAll(taken);
            for (int i = 0; i < spare; i++) {
                taken.pop().close();
            }
            int killed = command.killTree();
            int left = takeAll(taken);
            for (FileInputStream file : taken) {
                file.close();
            }
            System.out.println("killed " + killed);
            System.out.println("spare " + left);
        }
    }

    /** How many there were. */
    private static int takeAll(Deque<FileInputStream> taken) {
        int before = taken.size();
        try {
            while (true) {
                taken.push(new FileInputStream("/dev/null"));
            }
        } catch (IOException e) {
            return taken.size() - before;
        }
    }

    /** A ring of another size is asked for, and then the kernel is not recent enough. */
    private static void unload() {
        ProcessTreeTracer.builder().ringSize(1 << 16).open().close();
        String kernel = System.setProperty("os.version", "4.0");
        System.out.println(Tracing.availability().reason());
        System.setProperty("os.version", kernel);
    }

    /** With 0, 1, 2, 3 threads to spare, then without a limit; {@link ProcessBuilder} has made its own thread before. */
    private static void threads() throws Exception {
        new ProcessBuilder("true").start().waitFor();
        try (Cgroup group = Cgroup.pids(1 << 15)) {
            long self = ProcessHandle.current().pid();
            group.add(self);
            for (int spare = 0; spare < 4; spare++) {
                group.limitPids(group.pids() + spare);
                System.out.println("spare " + spare + ' ' + launch());
            }
            group.limitPids(1 << 15);
            System.out.println("at last " + launch());
            System.out.println("programs "
                    + ChildJvm.bpfObjects(self).stream()
                            .filter(object -> object.startsWith("prog"))
                            .distinct()
                            .count());
            System.out.println("listeners "
                    + Thread.getAllStackTraces().keySet().stream()
                            .filter(thread -> thread.getName().equals("sched-trace-listener"))
                            .count());
            group.remove(self);
        }
    }

    /** A command while the kernel has no memory for tags: they are charged to the group in which the probe was loaded. */
    private static void storage(String... command) throws Exception {
        long self = ProcessHandle.current().pid();
        try (Cgroup group = Cgroup.memory(1L << 40)) {
            group.add(self);
            System.out.println(Tracing.availability().message());
            group.remove(self);
            try (ProcessTreeTracer tracer = ProcessTreeTracer.builder().open()) {
                tracer.start(Traces.quiet("true")).waitFor();
                System.out.println("before " + tracer.trace().loss().untracked());
                group.limitMemory((group.memory() + 4095) / 4096 * 4096);
                Process process = tracer.start(Traces.quiet(command));
                System.out.println("exit " + process.waitFor());
                Session session = TracerInternals.session(tracer);
                Trace trace = tracer.awaitTree(Traces.LONG);
                System.out.println("untracked " + trace.loss().untracked());
                System.out.println("lost " + trace.loss().records());
                System.out.println("ends " + trace.loss().recordsByType().getOrDefault("process_end", 0L));
                System.out.println("made " + ProbeInternals.made(session));
                System.out.println("received " + session.received());
                System.out.println("processes " + trace.processes().size());
                System.out.println("running "
                        + trace.processes().stream()
                                .filter(ProcessSpan::running)
                                .count());
                System.out.println("complete " + trace.isComplete());
                System.out.println("memory " + group.memory());
            }
        }
    }
}
