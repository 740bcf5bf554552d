package io.schedtrace.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.analysis.CriticalPath.Step;
import io.schedtrace.lab.RandomTraces;
import io.schedtrace.lab.SampleTraces;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.SessionSpan;
import io.schedtrace.model.Trace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class CriticalPathTest {
    private final List<ProcessSpan> processes = new ArrayList<>();
    private long lastPid;

    private ProcessSpan process(@Nullable ProcessSpan parent, String name, long from, long to) {
        ProcessSpan.Builder builder = ProcessSpan.builder();
        if (parent != null) {
            builder.parent(parent);
        }
        ProcessSpan process = builder.pid(++lastPid)
                .comm(name)
                .startTime(Instant.EPOCH.plusMillis(from))
                .endTime(Instant.EPOCH.plusMillis(to))
                .build();
        processes.add(process);
        return process;
    }

    private CriticalPath path() {
        return CriticalPath.of(Trace.builder().processes(processes).build());
    }

    private static List<String> steps(CriticalPath path) {
        return path.steps().stream()
                .map(step -> (step.process() == null ? "-" : step.process().name()) + " "
                        + step.start().toEpochMilli() + ".." + step.end().toEpochMilli() + (step.gap() ? " gap" : ""))
                .toList();
    }

    @Test
    void shouldFollowTheChildThatEndedLast() {
        ProcessSpan make = process(null, "make", 0, 100);
        ProcessSpan sh = process(make, "sh", 5, 60);
        process(sh, "cc", 10, 55);
        process(make, "quick", 5, 30);
        process(make, "ld", 62, 98);

        assertThat(steps(path()))
                .containsExactly(
                        "make 0..5 gap",
                        "sh 5..10 gap",
                        "cc 10..55",
                        "sh 55..60 gap",
                        "make 60..62 gap",
                        "ld 62..98",
                        "make 98..100 gap");
        assertThat(path().length()).isEqualTo(Duration.ofMillis(100));
        assertThat(path().longest().get(0).process().name()).isEqualTo("cc");
        assertThat(path().gaps()).extracting(step -> step.length().toMillis()).containsExactly(5L, 5L, 5L, 2L, 2L);
        assertThat(path().byProgram())
                .containsEntry("cc", Duration.ofMillis(45))
                .containsEntry("make", Duration.ofMillis(9));
        assertThat(path().byProgram().keySet()).containsExactly("cc", "ld", "sh", "make");
    }

    @Test
    void shouldLeaveOutAChildThatOutlivesItsParent() {
        ProcessSpan sh = process(null, "sh", 0, 100);
        process(sh, "daemon", 10, 500);
        process(sh, "ls", 20, 90);

        assertThat(steps(path())).containsExactly("sh 0..20 gap", "ls 20..90", "sh 90..100 gap");
    }

    @Test
    void shouldWaitForAnOrphanInPlaceOfItsParent() {
        ProcessSpan make = process(null, "make", 0, 100);
        ProcessSpan sh = process(make, "sh", 10, 20);
        process(sh, "orphan", 15, 95);

        assertThat(steps(path())).containsExactly("make 0..10 gap", "sh 10..15", "orphan 15..95", "make 95..100 gap");
    }

    @Test
    void shouldSpanASessionAndSeveralRoots() {
        process(null, "a", 10, 30);
        process(null, "b", 40, 60);
        assertThat(steps(path())).containsExactly("a 10..30", "- 30..40 gap", "b 40..60");

        SessionSpan session = SessionSpan.builder()
                .name("test")
                .startTime(Instant.EPOCH)
                .endTime(Instant.EPOCH.plusMillis(70))
                .build();
        CriticalPath path = CriticalPath.of(
                Trace.builder().session(session).processes(processes).build());
        assertThat(steps(path)).containsExactly("- 0..10 gap", "a 10..30", "- 30..40 gap", "b 40..60", "- 60..70 gap");
    }

    @Test
    void shouldHaveNoStepsWithoutProcesses() {
        assertThat(path().steps()).isEmpty();
        assertThat(path().length()).isZero();
    }

    /** Builds a tree around a chain that is known to be the path: beside it, everything ends while the chain runs. */
    @RepeatedTest(50)
    void shouldFindTheKnownPathOfARandomTree(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        List<String> expected = new ArrayList<>();
        grow(random, null, 0, 1_000_000, 0, expected);
        assertThat(steps(path()).stream().map(step -> step.replace(" gap", "")).toList())
                .isEqualTo(expected);
    }

    private void grow(
            Random random, @Nullable ProcessSpan parent, long from, long to, int depth, List<String> expected) {
        ProcessSpan process = process(parent, "p" + (lastPid + 1), from, to);
        long at = from;
        while (depth < 6 && to - at > 100 && random.nextInt(4) > 0) {
            long start = at + 1 + random.nextLong((to - at) / 2);
            long end = start + 10 + random.nextLong((to - start) / 2);
            if (end >= to) {
                break;
            }
            expected.add(process.name() + " " + at + ".." + start);
            grow(random, process, start, end, depth + 1, expected);
            for (int i = random.nextInt(3); i > 0 && end - start > 5; i--) {
                long other = start + 1 + random.nextLong(end - start - 3);
                process(process, "beside", other, other + 1 + random.nextLong(end - other - 1));
            }
            at = end;
        }
        expected.add(process.name() + " " + at + ".." + to);
    }

    @Test
    void shouldAddUpToTheWholeTimeOfAnyTrace() {
        for (Trace trace : List.of(SampleTraces.failedBuild(), SampleTraces.lossy())) {
            CriticalPath path = CriticalPath.of(trace);
            Duration sum = path.steps().stream().map(Step::length).reduce(Duration.ZERO, Duration::plus);
            assertThat(sum).isEqualTo(path.length());
            for (int i = 1; i < path.steps().size(); i++) {
                assertThat(path.steps().get(i).start())
                        .isEqualTo(path.steps().get(i - 1).end());
            }
        }
        for (int seed = 0; seed < 300; seed++) {
            assertThat(TraceSummary.of(RandomTraces.trace(seed)).toString()).isNotEmpty();
        }
    }
}
