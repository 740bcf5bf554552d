package io.schedtrace.bench;

import io.schedtrace.ProcessTreeTracer;
import io.schedtrace.model.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The same work untraced and under each tracer, in turn: A B A B A. Every watched run stands between two untraced ones,
 * and its figure is the ratio to their mean.
 */
final class Overhead {
    private static final String VIA = "io.schedtrace.via";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Who watches. */
    enum Watcher {
        EMPTY("empty BPF programs at the same tracepoints", 20),
        BYSTANDER("untraced, while a session is open on an idle tree", 20),
        SCHED_TRACE("**sched-trace**", 20),
        LIBBPF_TOOLS("libbpf-tools execsnoop + exitsnoop + tcplife", 10),
        BPFTRACE("bpftrace, one line each", 10),
        PTRACE("**sched-trace by ptrace(2)**", 5),
        STRACE("strace -f --seccomp-bpf", 1),
        DNS_BYSTANDER("untraced, while a session with `dns(true)` is open on an idle tree", 20),
        DNS("**sched-trace with `dns(true)`**", 20),
        ALL_NAMES_BYSTANDER("untraced, while one with `dns(true).getaddrinfo(true)` is open on an idle tree", 20),
        ALL_NAMES("**sched-trace with `dns(true).getaddrinfo(true)`**", 20);

        /** Who watches processes and connections. */
        static final List<Watcher> OF_TREES =
                List.of(EMPTY, BYSTANDER, SCHED_TRACE, LIBBPF_TOOLS, BPFTRACE, PTRACE, STRACE);

        /** Who watches names of hosts, too. */
        static final List<Watcher> OF_NAMES = List.of(DNS_BYSTANDER, DNS, ALL_NAMES_BYSTANDER, ALL_NAMES);

        final String label;

        /** Runs in a round: the less a watcher costs, the more it takes to tell that from noise. */
        final int runs;

        Watcher(String label, int runs) {
            this.label = label;
            this.runs = runs;
        }
    }

    private final Path out;
    private final List<String> prefix;
    private final int rounds;
    private final boolean smoke;

    /**
     * @param out where the programs are
     * @param prefix goes before each workload's command
     * @param smoke one run of each
     */
    Overhead(Path out, List<String> prefix, int rounds, boolean smoke) {
        this.out = out;
        this.prefix = prefix;
        this.rounds = rounds;
        this.smoke = smoke;
    }

    /** Ratios of wall time, by watcher. */
    Map<Watcher, List<Double>> measure(Workload workload, List<Watcher> watchers, List<Double> untraced)
            throws IOException, InterruptedException {
        Map<Watcher, List<Double>> ratios = new EnumMap<>(Watcher.class);
        for (Watcher watcher : watchers) {
            ratios.put(watcher, new ArrayList<>());
            watched(workload, watcher);
        }
        for (int round = 0; round < rounds; round++) {
            for (Watcher watcher : watchers) {
                double before = workload.run(prefix, ProcessBuilder::start);
                for (int i = 0; i < (smoke ? 1 : watcher.runs); i++) {
                    double with = watched(workload, watcher);
                    double after = workload.run(prefix, ProcessBuilder::start);
                    ratios.get(watcher).add(2 * with / (before + after));
                    untraced.add(after);
                    before = after;
                }
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
                yield workload.run(strace, ProcessBuilder::start);
            }
            case PTRACE -> byPtrace(workload);
            case BYSTANDER -> Probe.loaded(() -> beside(workload, ProcessTreeTracer.builder()));
            case SCHED_TRACE -> Probe.loaded(() -> traced(workload, ProcessTreeTracer.builder()));
            case DNS_BYSTANDER -> Probe.loaded(() -> beside(workload, dns()));
            case DNS -> Probe.loaded(() -> traced(workload, dns()));
            case ALL_NAMES_BYSTANDER -> Probe.loaded(() -> beside(workload, dns().getaddrinfo(true)));
            case ALL_NAMES -> Probe.loaded(() -> traced(workload, dns().getaddrinfo(true)));
        };
    }

    private static ProcessTreeTracer.Builder dns() {
        return ProcessTreeTracer.builder().dns(true);
    }

    /** In the network of this JVM: the tracer sees no ends of connections elsewhere. */
    private double byPtrace(Workload workload) throws IOException, InterruptedException {
        System.setProperty(VIA, "ptrace");
        try {
            return traced(workload, ProcessTreeTracer.builder());
        } finally {
            System.clearProperty(VIA);
        }
    }

    private double beside(Workload workload, ProcessTreeTracer.Builder session)
            throws IOException, InterruptedException {
        try (ProcessTreeTracer tracer = session.killOnClose(true).open()) {
            tracer.start(new ProcessBuilder("sleep", "1000"));
            return workload.run(prefix, ProcessBuilder::start);
        }
    }

    private double under(Tools tools, Workload workload) throws IOException, InterruptedException {
        try (tools) {
            return workload.run(prefix, ProcessBuilder::start);
        }
    }

    private double traced(Workload workload, ProcessTreeTracer.Builder session)
            throws IOException, InterruptedException {
        try (ProcessTreeTracer tracer = session.open()) {
            double nanos = workload.run(prefix, builder -> {
                if (System.getProperty(VIA) != null) {
                    builder.environment().put("BENCH_IN_PLACE", "1");
                }
                return tracer.start(builder);
            });
            Trace trace = tracer.awaitTree(PATIENCE);
            if (!trace.loss().none()) {
                throw new IOException("the trace is not complete: " + trace.loss());
            }
            return nanos;
        }
    }
}
