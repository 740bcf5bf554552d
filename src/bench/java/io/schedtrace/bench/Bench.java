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
        overhead(new Overhead(out, ALONE, smoke ? 1 : Integer.getInteger("rounds"), smoke), out, smoke);

        // The reader of the trace would stand back behind work at a real-time priority, for all of a long run.
        Table growth = new Table();
        int total = smoke ? 100 : 50_000;
        Growth.measure(growth, out.resolve("spawn"), total, List.of(total / 10, total));
        growth.print();
    }

    private static void overhead(Overhead overhead, Path out, boolean smoke) throws IOException, InterruptedException {
        int loops = smoke ? 20 : 200;
        String loop = "i=0; while [ $i -lt " + loops + " ]; do /bin/true; i=$((i+1)); done";
        int files = smoke ? 2 : 4;
        List<Workload> workloads = List.of(
                workload("posix_spawn of /bin/true", smoke ? 50 : 200, out.resolve("spawn")),
                workload("loopback connects", smoke ? 200 : 3_000, out.resolve("connect")),
                workload("a shell's loop over /bin/true", loops, out.resolve("run"), "sh", "-c", loop),
                workload(
                        "gcc by make -j4",
                        files,
                        out.resolve("run"),
                        "make",
                        "-s",
                        "-j4",
                        "-B",
                        "-C",
                        out.resolve("tree").toString(),
                        "FILES=" + files));
        print(overhead, workloads, Watcher.OF_TREES);
        int datagrams = smoke ? 500 : 20_000;
        List<Workload> names = List.of(
                datagrams("UDP there and back, not DNS", datagrams, out, "udp"),
                datagrams("the same, not connected", datagrams, out, "unconnected"),
                datagrams("the same through Unix sockets", datagrams, out, "unix"),
                workloads.get(0));
        print(overhead, names, Watcher.OF_NAMES);
    }

    private static Workload datagrams(String name, int count, Path out, String family) {
        String program = out.resolve("datagrams").toString();
        return new Workload(name, count, List.of("taskset", "-c", "0", program, Integer.toString(count), family));
    }

    private static void print(Overhead overhead, List<Workload> workloads, List<Watcher> watchers)
            throws IOException, InterruptedException {
        List<Map<Watcher, List<Double>>> columns = new ArrayList<>();
        List<String> names = new ArrayList<>(List.of("ratio of wall time to untraced"));
        List<String> untraced = new ArrayList<>(List.of("untraced"));
        for (Workload workload : workloads) {
            List<Double> bare = new ArrayList<>();
            columns.add(overhead.measure(workload, watchers, bare));
            names.add(workload.name());
            untraced.add(String.format("%.1f us each", Table.quantile(bare, 0.5) / workload.count() / 1e3));
        }
        Table table = new Table();
        table.row(names.toArray(String[]::new));
        table.row(untraced.toArray(String[]::new));
        for (Watcher watcher : watchers) {
            List<String> row = new ArrayList<>(List.of(watcher.label));
            columns.forEach(column -> row.add(Table.spread(column.get(watcher), "%.3f")));
            table.row(row.toArray(String[]::new));
        }
        table.print();
    }

    private static Workload workload(String name, int count, Path program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(program.toString(), Integer.toString(count)));
        command.addAll(List.of(arguments));
        return new Workload(name, count, command);
    }
}
