package io.schedtrace.bench;

import io.schedtrace.bench.Overhead.Watcher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code Bench DIRECTORY [--smoke]}: the work of others under watch, as tables. */
final class Bench {
    private static final List<String> ALONE = List.of("chrt", "-f", "10");

    private Bench() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Path out = Path.of(args[0]);
        boolean smoke = args.length > 1 && args[1].equals("--smoke");
        int rounds = smoke ? 1 : Integer.getInteger("rounds", 11);
        overhead(new Overhead(out, ALONE, smoke ? 1 : 2), out, smoke, rounds);

        // The reader of the trace would stand back behind work at a real-time priority, for all of a long run.
        Table growth = new Table();
        Growth.measure(
                growth,
                ProcessBuilder::start,
                out.resolve("spawn"),
                List.of(),
                smoke ? new int[] {50, 100} : new int[] {1_000, 5_000, 50_000});
        growth.print();
    }

    private static void overhead(Overhead overhead, Path out, boolean smoke, int rounds)
            throws IOException, InterruptedException {
        List<Workload> workloads = List.of(
                new Workload("posix_spawn of /bin/true", command(out.resolve("spawn"), smoke ? 50 : 300)),
                new Workload("loopback connects", command(out.resolve("connect"), smoke ? 200 : 4_000)));
        Table table = new Table();
        table.row(
                "ratio of wall time to untraced",
                workloads.get(0).name(),
                workloads.get(1).name());
        List<Map<Watcher, List<Double>>> columns = new ArrayList<>();
        List<String> untraced = new ArrayList<>();
        for (Workload workload : workloads) {
            List<Double> bare = new ArrayList<>();
            columns.add(overhead.measure(workload, List.of(Watcher.values()), rounds, bare));
            double each = Table.quantile(bare, 0.5)
                    / Integer.parseInt(workload.command().get(1))
                    / 1e3;
            untraced.add(String.format("%.1f us each", each));
        }
        table.row("untraced", untraced.get(0), untraced.get(1));
        for (Watcher watcher : Watcher.values()) {
            table.row(
                    watcher.label,
                    Table.spread(columns.get(0).get(watcher), "%.3f"),
                    Table.spread(columns.get(1).get(watcher), "%.3f"));
        }
        table.print();
    }

    private static List<String> command(Path program, int count) {
        return List.of(program.toString(), Integer.toString(count));
    }
}
