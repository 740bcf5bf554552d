package io.schedtrace.bench;

import io.schedtrace.ProcessTreeTracer;
import io.schedtrace.model.Loss;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.TcpSpan.Outcome;
import io.schedtrace.model.Trace;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Grows random trees under trace and compares the trace with what the trees know of themselves.
 *
 * <p>{@code Fidelity GROW SEEDS SIZE [FIRST-SEED]}; exit status 1 if anything differs. With
 * {@code -Dio.schedtrace.via=ptrace} the trees stay in this network, whose sockets the tracer sees, and what it cannot
 * know is not compared: the counters of aborted connections, and which process has served a connection.
 */
final class Fidelity {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    /** On a busy machine a last acknowledgement may take seconds: late is not lost. */
    private static final Duration LINGER = Duration.ofSeconds(60);

    private static final boolean PTRACE = "ptrace".equals(System.getProperty("io.schedtrace.via"));

    private static final int LEADER_STATUS = 3 << 8;
    private static final int LAST_STATUS = 5 << 8;
    private static final int CORE_BIT = 0x80;

    private final String grow;
    private final int size;
    private long processes;
    private long ends;
    private long wrong;
    /** Ends whose last transition was not seen, as the trace says of itself; see docs/fidelity.md. */
    private long unfinished;

    private Fidelity(String grow, int size) {
        this.grow = grow;
        this.size = size;
    }

    public static void main(String[] args) throws Exception {
        int seeds = Integer.parseInt(args[1]);
        long first = args.length > 3 ? Long.parseLong(args[3]) : 1;
        Fidelity fidelity = new Fidelity(args[0], Integer.parseInt(args[2]));
        long begin = System.nanoTime();
        for (long seed = first; seed < first + seeds; seed++) {
            fidelity.check(seed);
        }
        System.out.printf(
                "fidelity: %d seeds, %,d processes, %,d ends of connections, %d of them unfinished, %d differences, %.0f s%n",
                seeds,
                fidelity.processes,
                fidelity.ends,
                fidelity.unfinished,
                fidelity.wrong,
                (System.nanoTime() - begin) / 1e9);
        System.exit(fidelity.wrong == 0 && fidelity.unfinished <= 1 + fidelity.ends / 1000 ? 0 : 1);
    }

    private void check(long seed) throws Exception {
        Path file = Files.createTempFile("fidelity", ".truth");
        try (ProcessTreeTracer tracer =
                ProcessTreeTracer.builder().linger(LINGER).open()) {
            ProcessBuilder command =
                    new ProcessBuilder(grow, Long.toString(seed), sizeOf(seed), file.toString()).inheritIO();
            if (PTRACE) {
                command.environment().put("BENCH_IN_PLACE", "1");
            }
            Process process = tracer.start(command);
            int code = process.waitFor();
            Trace trace = tracer.awaitTree(PATIENCE);
            Truth truth = Truth.read(file);
            List<String> differences = new ArrayList<>();
            if (code != 0 || truth.failures() != 0) {
                differences.add("the tree itself failed: exit " + code + ", " + truth.failures() + " steps");
            }
            long closing = trace.connections().stream()
                    .filter(span -> span.outcome() == Outcome.CLOSING || span.outcome() == Outcome.OPEN)
                    .count();
            unfinished += closing;
            if (lost(trace) > closing || trace.isComplete() != (closing == 0)) {
                differences.add("not complete: " + trace.loss());
            }
            compare(truth.processes(), processesOf(trace), differences);
            compare(
                    truth.ends().stream()
                            .map(facts -> new Truth.Facts(known(facts.text()), facts.made()))
                            .toList(),
                    endsOf(trace).stream().map(Fidelity::known).toList(),
                    differences);
            processes += truth.processes().size();
            ends += truth.ends().size();
            report(seed, differences);
        } finally {
            Files.delete(file);
        }
    }

    /** Records that are lost; an end that was not seen is one, if it has been noticed that its socket is gone. */
    private static long lost(Trace trace) {
        Loss loss = trace.loss();
        long ends = loss.recordsByType().getOrDefault("connection_end", 0L);
        return loss.none() ? 0 : ends == loss.records() && loss.untracked() == 0 ? ends : Long.MAX_VALUE;
    }

    /** Small and large trees: each seed has a size of its own, up to the one asked for. */
    private String sizeOf(long seed) {
        return Integer.toString(seed % 4 == 0 ? size : Math.max(2, (int) (size * (seed * 37 % 100) / 100)));
    }

    private void report(long seed, List<String> differences) {
        wrong += differences.size();
        differences.stream().limit(20).forEach(difference -> System.out.println("seed " + seed + ": " + difference));
        if (differences.size() > 20) {
            System.out.println("seed " + seed + ": and " + (differences.size() - 20) + " more");
        }
    }

    private static void compare(List<Truth.Facts> truth, List<String> seen, List<String> differences) {
        List<String> left = new ArrayList<>(seen);
        for (Truth.Facts facts : truth) {
            if (!left.remove(facts.text()) && !removeEither(left, facts.text())) {
                differences.add("missing (made in way " + facts.made() + "): " + facts.text());
            }
        }
        left.forEach(text -> differences.add("unexpected: " + text));
    }

    private static boolean removeEither(List<String> left, String text) {
        return text.contains("leader or last")
                && (left.remove(text.replace("leader or last", Integer.toHexString(LEADER_STATUS)))
                        || left.remove(text.replace("leader or last", Integer.toHexString(LAST_STATUS))));
    }

    private static List<String> processesOf(Trace trace) {
        List<String> texts = new ArrayList<>();
        for (ProcessSpan span : trace.processes()) {
            ProcessSpan parent = span.parentSpanId() == null ? null : trace.process(span.parentSpanId());
            texts.add(Truth.process(
                    span.pid(),
                    parent == null ? -1 : parent.pid(),
                    span.execs().size(),
                    span.threads() == null ? -1 : span.threads(),
                    span.exit() == null
                            ? "none"
                            : Integer.toHexString(span.exit().waitStatus() & ~CORE_BIT),
                    Truth.hex(bytes(span.arguments()))));
        }
        return texts;
    }

    private static String known(String end) {
        return PTRACE
                ? end.replaceFirst("^pid -?\\d+, SERVER", "SERVER")
                        .replaceFirst("sent \\S+, received \\S+, RESET", "RESET")
                : end;
    }

    private static List<String> endsOf(Trace trace) {
        List<String> texts = new ArrayList<>();
        for (TcpSpan span : trace.connections()) {
            ProcessSpan owner = span.processSpanId() == null ? null : trace.process(span.processSpanId());
            texts.add(Truth.end(
                    owner == null ? -1 : owner.pid(),
                    span.role().name(),
                    span.local().getPort(),
                    span.peer().getPort(),
                    span.counters() == null ? -1 : span.counters().bytesSent(),
                    span.counters() == null ? -1 : span.counters().bytesReceived(),
                    span.outcome() == Outcome.CLOSING
                            ? Outcome.CLOSED.name()
                            : span.outcome().name(),
                    span.family().name()));
        }
        return texts;
    }

    /** The bytes that the strings stand for, see {@link io.schedtrace.model.Exec#arguments()}. */
    private static byte[] bytes(List<String> arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String argument : arguments) {
            argument.codePoints().forEach(c -> {
                if (c >= 0xDC80 && c <= 0xDCFF) {
                    out.write(c - 0xDC00);
                } else {
                    out.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
                }
            });
            out.write(0);
        }
        return out.toByteArray();
    }
}
