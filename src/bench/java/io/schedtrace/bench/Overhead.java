package io.schedtrace.bench;

import io.schedtrace.ProcessTreeTracer;
import io.schedtrace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The same work untraced and under each tracer, in turn: every traced run stands between two untraced ones, and its
 * figure is the ratio to their mean.
 */
final class Overhead {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Who watches. */
    enum Watcher {
        EMPTY("empty BPF programs at the same tracepoints"),
        BYSTANDER("untraced, while a session is open on an idle tree"),
        SCHED_TRACE("**sched-trace**"),
        LIBBPF_TOOLS("libbpf-tools execsnoop + exitsnoop + tcplife"),
        BPFTRACE("bpftrace, one line each"),
        STRACE("strace -f --seccomp-bpf"),
        DNS_BYSTANDER("untraced, while a session with `dns(true)` is open on an idle tree"),
        DNS("**sched-trace with `dns(true)`**");

        /** Who watches processes and connections. */
        static final List<Watcher> OF_TREES = List.of(EMPTY, BYSTANDER, SCHED_TRACE, LIBBPF_TOOLS, BPFTRACE, STRACE);

        final String label;

        Watcher(String label) {
            this.label = label;
        }
    }

    private final Path out;
    private final List<String> prefix;
    private final int repeats;

    /**
     * @param out where the programs are
     * @param prefix goes before each workload's command
     * @param repeats runs of the work per figure
     */
    Overhead(Path out, List<String> prefix, int repeats) {
        this.out = out;
        this.prefix = prefix;
        this.repeats = repeats;
    }

    /** Ratios of wall time, by watcher. */
    Map<Watcher, List<Double>> measure(Workload workload, List<Watcher> watchers, int rounds, List<Double> untraced)
            throws IOException, InterruptedException {
        Map<Watcher, List<Double>> ratios = new EnumMap<>(Watcher.class);
        for (Watcher watcher : watchers) {
            ratios.put(watcher, new ArrayList<>());
            watched(workload, watcher);
        }
        for (int round = 0; round < rounds; round++) {
            for (Watcher watcher : watchers) {
                double before = mean(workload, prefix, ProcessBuilder::start);
                double with = watched(workload, watcher);
                double after = mean(workload, prefix, ProcessBuilder::start);
                ratios.get(watcher).add(2 * with / (before + after));
                untraced.add((before + after) / 2);
            }
        }
        return ratios;
    }

    private double watched(Workload workload, Watcher watcher) throws IOException, InterruptedException {
        return switch (watcher) {
            case EMPTY -> under(Tools.empty(out), workload);
            case LIBBPF_TOOLS -> under(Tools.libbpf(), workload);
            case BPFTRACE -> under(Tools.bpftrace(out), workload);
            case STRACE -> {
                List<String> strace = new ArrayList<>(prefix);
                strace.addAll(List.of(
                        "strace",
                        "-f",
                        "--seccomp-bpf",
                        "-qq",
                        "-o",
                        "/dev/null",
                        "-e",
                        "trace=execve,execveat,fork,vfork,clone,clone3,exit_group,connect,accept,accept4,close"));
                yield mean(workload, strace, ProcessBuilder::start);
            }
            case BYSTANDER -> Probe.loaded(() -> beside(workload, false));
            case SCHED_TRACE -> Probe.loaded(() -> traced(workload, false));
            case DNS_BYSTANDER -> Probe.loaded(() -> beside(workload, true));
            case DNS -> Probe.loaded(() -> traced(workload, true));
        };
    }

    private double beside(Workload workload, boolean dns) throws IOException, InterruptedException {
        try (ProcessTreeTracer tracer =
                ProcessTreeTracer.builder().dns(dns).killOnClose(true).open()) {
            tracer.start(new ProcessBuilder("sleep", "1000"));
            return mean(workload, prefix, ProcessBuilder::start);
        }
    }

    private double under(Tools tools, Workload workload) throws IOException, InterruptedException {
        try (tools) {
            return mean(workload, prefix, ProcessBuilder::start);
        }
    }

    private double traced(Workload workload, boolean dns) throws IOException, InterruptedException {
        double sum = 0;
        for (int i = 0; i < repeats; i++) {
            try (ProcessTreeTracer tracer = ProcessTreeTracer.builder().dns(dns).open()) {
                sum += workload.run(prefix, tracer::start);
                Trace trace = tracer.awaitTree(PATIENCE);
                if (!trace.isComplete()) {
                    throw new IOException("the trace is not complete: " + trace.loss());
                }
            }
        }
        return sum / repeats;
    }

    private double mean(Workload workload, List<String> before, Workload.Starter starter)
            throws IOException, InterruptedException {
        double sum = 0;
        for (int i = 0; i < repeats; i++) {
            sum += workload.run(before, starter);
        }
        return sum / repeats;
    }
}
