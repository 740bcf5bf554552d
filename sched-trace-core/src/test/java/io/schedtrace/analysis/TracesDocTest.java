package io.schedtrace.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.export.TraceFile;
import io.schedtrace.junit.TraceBaseline;
import io.schedtrace.junit.TraceProcesses;
import io.schedtrace.lab.SampleTraces;
import io.schedtrace.model.Redactor;
import io.schedtrace.model.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The snippets of docs/traces.md: each line of its Java blocks is a line here. */
class TracesDocTest {
    private static final Path BASE = Path.of(System.getProperty("basedir", ""));

    private final Trace trace = SampleTraces.failedBuild();
    private final Trace before = SampleTraces.failedBuild();
    private final Trace after = SampleTraces.lossy();

    @TempDir
    private Path directory;

    @Test
    @SuppressWarnings("SystemOut")
    void shouldSummarise() {
        TraceSummary summary = TraceSummary.of(trace);
        for (TraceSummary.Program program : summary.programs()) {
            System.out.println(program.name() + " ran " + program.count() + " times");
        }
        CriticalPath path = summary.criticalPath();
        for (CriticalPath.Step step : path.longest()) {
            System.out.println(step.length().toMillis() + " ms  " + step.process());
        }
        assertThat(path.longest()).isNotEmpty();
    }

    @Test
    @SuppressWarnings("SystemOut")
    void shouldCompare() {
        Normalizer rules = Normalizer.standard().and(Pattern.compile("build-\\d+"), "build-*");
        TraceDiff diff = TraceDiff.of(before, after, rules);
        if (!diff.isEmpty()) {
            System.out.println(diff); // the lines that differ, with those above them in the tree
        }
        assertThat(diff.isEmpty()).isFalse();
    }

    /** Not run here: TraceBaselineIT does. */
    @TraceProcesses
    static final class BackupIT {
        @Test
        @TraceBaseline("nightly")
        void dumpsAndCompresses() throws Exception {
            new ProcessBuilder("sh", "-c", "ls / | wc -l").start().waitFor();
        }
    }

    @Test
    void shouldReadAndWrite() throws IOException {
        Path file = directory.resolve("build.trace");
        TraceFile.write(trace, file, Redactor.none());
        Trace again = TraceFile.read(file).trace();
        assertThat(again).isEqualTo(trace);
    }

    @Test
    void shouldHaveEachLineOfTheDocument() throws IOException {
        List<String> lines =
                Files.readAllLines(BASE.resolve("src/test/java/io/schedtrace/analysis/TracesDocTest.java")).stream()
                        .map(line -> line.strip().replaceFirst("^static final class", "class"))
                        .toList();
        boolean java = false;
        int checked = 0;
        for (String line : Files.readAllLines(BASE.resolve("../docs/traces.md"))) {
            if (line.startsWith("```")) {
                java = line.equals("```java");
            } else if (java) {
                assertThat(lines).contains(line.strip());
                checked++;
            }
        }
        assertThat(checked).isGreaterThan(20);
    }
}
