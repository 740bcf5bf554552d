package io.schedtrace.bench;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.schedtrace.junit.LeakedProcesses;
import io.schedtrace.junit.TraceProcesses;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** {@code Suite [--smoke]}: what {@code @TraceProcesses} adds to each of the 1,000 tests of a suite. */
final class Suite {
    private static final int TESTS = 1_000;
    private static final double MILLI = 1e6;

    private static final List<Row> ROWS = List.of(
            new Row("empty test, `@TraceProcesses`", Empty.class, EmptyTraced.class),
            new Row("empty test, with guards", Empty.class, EmptyGuarded.class),
            new Row("test that runs `/bin/true`, `@TraceProcesses`", Runs.class, RunsTraced.class),
            new Row("test that runs `/bin/true`, with guards", Runs.class, RunsGuarded.class));

    private Suite() {}

    private record Row(String name, Class<?> untraced, Class<?> traced) {}

    static class Empty {
        @RepeatedTest(TESTS)
        void doesNothing() {}
    }

    @TraceProcesses
    static class EmptyTraced extends Empty {}

    @TraceProcesses(leakedProcesses = LeakedProcesses.FAIL, allowConnections = "localhost", failOnLoss = true)
    static class EmptyGuarded extends Empty {}

    static class Runs {
        @RepeatedTest(TESTS)
        void runs() throws IOException, InterruptedException {
            new ProcessBuilder("/bin/true").start().waitFor();
        }
    }

    @TraceProcesses
    static class RunsTraced extends Runs {}

    @TraceProcesses(leakedProcesses = LeakedProcesses.FAIL, allowConnections = "localhost", failOnLoss = true)
    static class RunsGuarded extends Runs {}

    public static void main(String[] args) throws IOException {
        int rounds = args.length > 0 && args[0].equals("--smoke") ? 1 : Integer.getInteger("suites", 10);
        Table table = new Table();
        table.row("suite of 1,000 tests", "untraced, ms a test", "added, ms a test");
        for (Row row : ROWS) {
            if (row.name.contains(System.getProperty("row", ""))) {
                measure(table, row, rounds);
            }
        }
        table.print();
    }

    private static void measure(Table table, Row row, int rounds) throws IOException {
        for (int i = 0; i < Math.min(rounds, 5); i++) {
            run(row.untraced);
            run(row.traced);
        }
        List<Double> bare = new ArrayList<>();
        List<Double> added = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            double before = run(row.untraced);
            double with = run(row.traced);
            double after = run(row.untraced);
            bare.add((before + after) / 2);
            added.add(with - (before + after) / 2);
        }
        table.row(row.name, Table.spread(bare, "%.3f"), Table.spread(added, "%.3f"));
    }

    /** Runs the tests of a class and returns the time of each in milliseconds. */
    private static double run(Class<?> tests) throws IOException {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        Launcher launcher = LauncherFactory.create();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .configurationParameter(TraceProcesses.REPORT_DIRECTORY, System.getProperty("java.io.tmpdir"))
                .selectors(selectClass(tests))
                .build();
        long begin = System.nanoTime();
        launcher.execute(request, listener);
        double millis = (System.nanoTime() - begin) / MILLI;
        if (listener.getSummary().getTestsSucceededCount() != TESTS) {
            throw new IOException(tests + ": " + listener.getSummary().getFailures());
        }
        return millis / TESTS;
    }
}
