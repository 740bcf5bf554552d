package io.schedtrace.bench;

import io.schedtrace.ProcessTreeTracer;
import io.schedtrace.Trace;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;

/** One trace of few and of many processes: what each costs, and what of it stays on the heap. */
final class Growth {
    private Growth() {}

    static void measure(
            Table table, Workload.Starter untraced, java.nio.file.Path spawn, List<String> prefix, int[] sizes)
            throws IOException, InterruptedException {
        table.row(
                "processes in one trace",
                "tracing costs each, us of wall time",
                "JVM CPU each, us",
                "heap each, bytes");
        for (int size : sizes) {
            Workload workload = new Workload("spawn", size, List.of(spawn.toString(), Integer.toString(size)));
            double bare = workload.run(prefix, untraced);
            long heap = heap();
            long cpu = cpu();
            try (ProcessTreeTracer tracer = ProcessTreeTracer.builder().open()) {
                double with = workload.run(prefix, tracer::start);
                Trace trace = tracer.awaitTree(Duration.ofSeconds(60));
                double used = cpu() - cpu;
                if (!trace.isComplete() || trace.processes().size() != size + 1) {
                    throw new IOException("incomplete: " + trace.processes().size() + ", " + trace.loss());
                }
                trace = null;
                long retained = heap() - heap;
                table.row(
                        String.format("%,d", size),
                        String.format("%.2f", (with - bare) / size / 1e3),
                        String.format("%.1f", used / size / 1e3),
                        String.format("%,d", retained / size));
            }
        }
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static long heap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
