package io.schedtrace.junit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.listeners.TestExecutionSummary.Failure;

/**
 * Has every {@link Deed} done in every {@link Way} by a test in every {@link Mode}, and prints who has found it: a line
 * {@code cell MODE WAY DEED VERDICT} for each. All ways of one mode and deed are one run of JUnit, by one test.
 */
final class ThreadMatrix {
    private static final Set<String> OVER = ConcurrentHashMap.newKeySet();
    private static CyclicBarrier barrier = new CyclicBarrier(1);
    private static Deed deed = Deed.LEAK;

    private ThreadMatrix() {}

    /** How JUnit runs the test that acts. */
    enum Mode {
        PARALLEL_METHODS("methods in parallel", MatrixTests.Methods.class),
        PARALLEL_CLASSES(
                "classes in parallel",
                MatrixTests.Acts.class,
                MatrixTests.GuardsLeaks.class,
                MatrixTests.GuardsConnections.class,
                MatrixTests.Untraced.class),
        SEQUENTIAL("one after another", MatrixTests.Acts.class),
        NESTED("in a nested class", MatrixTests.Outer.class),
        SEPARATE_THREAD("with a time limit on a separate thread", MatrixTests.Limited.class),
        REPEATED("repeated", MatrixTests.Repeated.class),
        PARAMETERIZED("parameterized", MatrixTests.Parameterized.class),
        FACTORY("in a factory", MatrixTests.Factory.class);

        final String label;
        private final Class<?>[] tests;

        Mode(String label, Class<?>... tests) {
            this.label = label;
            this.tests = tests;
        }

        boolean isParallel() {
            return this == PARALLEL_METHODS || this == PARALLEL_CLASSES;
        }

        private Map<String, String> configuration() {
            String prefix = "junit.jupiter.execution.parallel.";
            return Map.of(
                    prefix + "enabled",
                    Boolean.toString(isParallel()),
                    prefix + "mode.default",
                    this == PARALLEL_METHODS ? "concurrent" : "same_thread",
                    prefix + "mode.classes.default",
                    this == PARALLEL_CLASSES ? "concurrent" : "same_thread",
                    prefix + "config.strategy",
                    "fixed",
                    prefix + "config.fixed.parallelism",
                    "10");
        }

        private Class<?>[] classes() {
            List<Class<?>> classes = new ArrayList<>();
            classes.add(MatrixTests.EarlierTraced.class);
            classes.add(MatrixTests.EarlierUntraced.class);
            if (!isParallel()) {
                classes.add(MatrixTests.GuardsLeaks.class);
                classes.add(MatrixTests.Untraced.class);
            }
            classes.addAll(List.of(tests));
            return classes.toArray(Class<?>[]::new);
        }
    }

    /** Waits until all tests of a parallel run have got here. */
    static void meet() throws Exception {
        barrier.await(60, TimeUnit.SECONDS);
    }

    /** What the test does. */
    static void act() throws Exception {
        while (!OVER.containsAll(Set.of("earlierTraced()", "earlierUntraced()"))) {
            Thread.sleep(1);
        }
        meet();
        meet();
        for (Way way : Way.values()) {
            if (way.whyNot(deed) == null) {
                way.run(deed);
            }
        }
        meet();
    }

    public static void main(String[] args) throws Exception {
        Path reports = Files.createTempDirectory("sched-trace-matrix-");
        try {
            Runs.launch(reports, Map.of(), CachedContext.Makes.class);
            for (Mode mode : Mode.values()) {
                for (Deed each : Deed.values()) {
                    run(reports, mode, each);
                }
            }
        } finally {
            new ProcessBuilder("rm", "-rf", reports.toString()).start().waitFor();
        }
        System.exit(0);
    }

    private static void run(Path reports, Mode mode, Deed each) {
        OVER.clear();
        deed = each;
        barrier = new CyclicBarrier(mode.isParallel() ? 4 : 1);
        List<Failure> failures = Runs.launch(reports, mode.configuration(), new Ends(), mode.classes())
                .getFailures();
        Older.end();
        for (Failure failure : failures) {
            if (!(failure.getException() instanceof AssertionError)
                    || failure.getException().getCause() != null) {
                failure.getException().printStackTrace(System.out);
            }
        }
        for (Way way : Way.values()) {
            String whyNot = way.whyNot(each);
            System.out.println("cell " + mode + " " + way + " " + each + " "
                    + (whyNot == null ? verdict(failures, each.mark(way.ordinal() + 1)) : "skipped, " + whyNot));
        }
        if (mode == Mode.SEQUENTIAL && Boolean.getBoolean("matrix.show")) {
            failures.forEach(
                    failure -> System.out.println(failure.getException().getMessage()));
        }
    }

    /** Who has found what has that mark: {@code TEST}, {@code STRAY}, nobody ({@code SILENT}), or a wrong test. */
    private static String verdict(List<Failure> failures, java.util.regex.Pattern mark) {
        Set<String> verdicts = new TreeSet<>();
        for (Failure failure : failures) {
            String test = failure.getTestIdentifier().getDisplayName();
            for (String part : parts(String.valueOf(failure.getException().getMessage()))) {
                if (mark.matcher(part).find()) {
                    verdicts.add(
                            part.contains("This is a stray")
                                    ? "STRAY"
                                    : isRight(failure.getTestIdentifier()) ? "TEST" : "WRONG:" + test);
                }
            }
        }
        return verdicts.isEmpty() ? "SILENT" : String.join("+", verdicts);
    }

    /** Of repeated and parameterized tests it is the second. */
    private static boolean isRight(TestIdentifier test) {
        String name = test.getDisplayName();
        return name.equals("acts()") || name.equals("acts 2");
    }

    /** The messages of a failure: each has a line and indented ones. */
    private static List<String> parts(String message) {
        return Arrays.asList(message.split("\n(?=\\S)", -1));
    }

    private static final class Ends implements TestExecutionListener {
        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            OVER.add(test.getDisplayName());
        }
    }
}
