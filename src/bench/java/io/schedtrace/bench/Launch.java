package io.schedtrace.bench;

import io.schedtrace.TracedCommand;
import io.schedtrace.Tracer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** {@code Launch [--smoke]}: what a launch adds, from {@code Tracer.launch("true")} to the complete trace, over a bare ProcessBuilder. */
final class Launch {
    private static final int LOADS = 30;
    private static final double MILLI = 1e6;

    private Launch() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Table table = new Table();
        measure(table, args.length > 0 && args[0].equals("--smoke") ? 5 : 300);
        table.print();
    }

    private static void measure(Table table, int rounds) throws IOException, InterruptedException {
        bare();
        long begin = System.nanoTime();
        traced(new ArrayList<>());
        double cold = (System.nanoTime() - begin) / MILLI;
        List<Double> closes = new ArrayList<>();
        List<Double> added = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            bare();
            traced(new ArrayList<>());
        }
        for (int i = 0; i < rounds; i++) {
            double before = bare();
            double with = traced(closes);
            double after = bare();
            added.add(with - (before + after) / 2);
        }
        List<Double> loading = new ArrayList<>();
        for (int i = 0; i < Math.min(rounds, LOADS); i++) {
            Probe.unload();
            double with = traced(new ArrayList<>());
            loading.add(with - bare());
        }
        table.row("launch", "ms");
        table.row("added by a warm launch, to the complete trace", Table.spread(added, "%.2f"));
        table.row("close()", Table.spread(closes, "%.3f"));
        table.row("the first launch of the JVM, whole, with class loading", String.format("%.0f", cold));
        table.row("added by a launch that has to load the probe, classes loaded", Table.spread(loading, "%.0f"));
    }

    private static double bare() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        new ProcessBuilder("true").start().waitFor();
        return (System.nanoTime() - begin) / MILLI;
    }

    private static double traced(List<Double> closes) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        TracedCommand command = Tracer.launch("true");
        command.waitFor();
        if (!command.awaitTree(Duration.ofSeconds(60)).isComplete()) {
            throw new IOException("not complete");
        }
        long end = System.nanoTime();
        command.close();
        closes.add((System.nanoTime() - end) / MILLI);
        return (end - begin) / MILLI;
    }
}
