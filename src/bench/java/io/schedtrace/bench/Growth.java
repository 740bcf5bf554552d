package io.schedtrace.bench;

import io.schedtrace.ProcessTreeTracer;
import io.schedtrace.model.Trace;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The same number of processes in many small traces and in one large: what each costs, and what of it stays on the heap. */
final class Growth {
    private static final int ROUNDS = 2;

    private final Path spawn;

    /** Of all traces together, in nanoseconds. */
    private long wall;

    private long cpu;
    private long heap;

    private Growth(Path spawn) {
        this.spawn = spawn;
    }

    /** Traces {@code total} processes for each size of a trace, size after size, twice, after as many to warm up. */
    static void measure(Table table, Path spawn, int total, List<Integer> sizes)
            throws IOException, InterruptedException {
        new Growth(spawn).trace(total);
        Map<Integer, Growth> growths = new LinkedHashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            for (int size : sizes) {
                Growth growth = growths.computeIfAbsent(size, key -> new Growth(spawn));
                for (int i = 0; i < total / size; i++) {
                    growth.trace(size);
                }
            }
        }
        table.row("processes in one trace", "wall time each, us", "JVM CPU each, us", "heap each, bytes");
        double count = (double) ROUNDS * total;
        growths.forEach((size, growth) -> table.row(
                String.format("%,d", size),
                String.format("%.1f", growth.wall / 1e3 / count),
                String.format("%.1f", growth.cpu / 1e3 / count),
                String.format("%,.0f", growth.heap / count)));
    }

    private void trace(int size) throws IOException, InterruptedException {
        Workload workload = new Workload("spawn", size, List.of(spawn.toString(), Integer.toString(size)));
        long heapBefore = usedHeap();
        long cpuBefore = usedCpu();
        try (ProcessTreeTracer tracer = ProcessTreeTracer.builder().open()) {
            wall += workload.run(List.of(), tracer::start);
            Trace trace = tracer.awaitTree(Duration.ofSeconds(60));
            cpu += usedCpu() - cpuBefore;
            if (!trace.isComplete() || trace.processes().size() != size + 1) {
                throw new IOException("incomplete: " + trace.processes().size() + ", " + trace.loss());
            }
            trace = null;
            heap += usedHeap() - heapBefore;
        }
    }

    private static long usedCpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static long usedHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
