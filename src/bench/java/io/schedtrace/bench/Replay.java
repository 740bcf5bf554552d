package io.schedtrace.bench;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/** {@code Replay DIRECTORY [--smoke]}: how fast a recorded ring is decoded and assembled, as a table. */
final class Replay {
    private Replay() {}

    public static void main(String[] args) throws RunnerException {
        boolean smoke = args.length > 1 && args[1].equals("--smoke");
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include(Assembly.class.getName())
                        .jvmArgsAppend("-Dbench.out=" + Path.of(args[0]).toAbsolutePath())
                        .param("count", smoke ? "50" : "2000")
                        .forks(1)
                        .warmupIterations(smoke ? 0 : 4)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(smoke ? 1 : 5)
                        .measurementTime(TimeValue.milliseconds(smoke ? 100 : 1000))
                        .addProfiler(GCProfiler.class)
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();
        Table table = new Table();
        table.row("decode and assemble", "million records/s", "records each", "bytes allocated each");
        for (RunResult result : results) {
            Statistics rate = secondary(result, "records");
            double spans = secondary(result, "spans").getMean();
            double runs = result.getPrimaryResult().getScore();
            double bytes = secondary(result, "gc.alloc.rate.norm").getMean();
            table.row(
                    result.getParams().getParam("work")
                            + (result.getParams().getParam("withNames").equals("true") ? ", names beside it" : ""),
                    String.format(
                            Locale.ROOT,
                            "%.2f [%.2f .. %.2f]",
                            rate.getPercentile(50) / 1e6,
                            rate.getPercentile(25) / 1e6,
                            rate.getPercentile(75) / 1e6),
                    String.format(Locale.ROOT, "%.1f", rate.getMean() / spans),
                    String.format(Locale.ROOT, "%,.0f", bytes * runs / spans));
        }
        table.print();
    }

    private static Statistics secondary(RunResult result, String name) {
        return result.getSecondaryResults().entrySet().stream()
                .filter(entry -> entry.getKey().endsWith(name))
                .findFirst()
                .orElseThrow()
                .getValue()
                .getStatistics();
    }
}
