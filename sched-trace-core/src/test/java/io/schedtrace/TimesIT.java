package io.schedtrace;

import static io.schedtrace.lab.Traces.named;
import static io.schedtrace.lab.Traces.root;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.Traces;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TreeStillRunningException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Times: the wall clock's, the monotonic clock's, and how long a trace takes after its tree has ended. */
@KernelTest
class TimesIT {
    /** As the wall clock and the spans must agree; both ends of an interval are read one after the other. */
    private static final Duration MILLISECOND = Duration.ofMillis(1);

    @TempDir
    Path temp;

    /** Between its exec and its end, date(1) reads the clock. */
    @Test
    void theWallClockIsThatOfDate() throws Exception {
        for (int i = 0; i < 20; i++) {
            Path out = temp.resolve("date" + i);
            Trace trace = Traces.of(new ProcessBuilder("date", "+%s.%N").redirectOutput(out.toFile()));
            Instant told = instant(Files.readString(out));

            assertThat(told).isAfter(root(trace).execTime().minus(MILLISECOND));
            assertThat(told).isBefore(root(trace).endTime().plus(MILLISECOND));
        }
    }

    /** The same to a millisecond, by the shortest of several runs: a scheduler may keep any one of them waiting. */
    @Test
    void theWallClockIsExactToAMillisecond() throws Exception {
        List<Duration> off = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Path out = temp.resolve("exact" + i);
            Trace trace = Traces.of(
                    new ProcessBuilder("bash", "-c", "echo $EPOCHREALTIME; exec true").redirectOutput(out.toFile()));
            Instant told = instant(Files.readString(out).replace(',', '.'));

            off.add(Duration.between(told, root(trace).execs().get(1).time()).abs());
        }
        assertThat(off).anyMatch(apart -> apart.compareTo(MILLISECOND) < 0);
    }

    private static Instant instant(String seconds) {
        BigDecimal nanos = new BigDecimal(seconds.trim()).movePointRight(9);
        return Instant.EPOCH.plusNanos(nanos.longValueExact());
    }

    @Test
    void startsBeforeItEndsAndAfterItsParent() throws Exception {
        Trace trace = Traces.of("sh", "-c", "(sleep 0.02; ls) | cat & (exit 3); wait");

        assertThat(trace.processes()).hasSize(5).allSatisfy(process -> {
            assertThat(process.endTime()).isAfterOrEqualTo(process.startTime());
            assertThat(process.duration()).isEqualTo(Duration.between(process.startTime(), process.endTime()));
            assertThat(process.execs())
                    .allSatisfy(exec -> assertThat(exec.time()).isBetween(process.startTime(), process.endTime()));
            for (ProcessSpan child : trace.children(process)) {
                assertThat(child.startTime()).isBetween(process.startTime(), process.endTime());
            }
        });
    }

    @Test
    void aDurationIsThatOfTheMonotonicClock() throws Exception {
        long before = System.nanoTime();
        Trace trace = Traces.of("sleep", "0.25");
        Duration around = Duration.ofNanos(System.nanoTime() - before);

        assertThat(root(trace).duration()).isBetween(Duration.ofMillis(250), around);
    }

    @Test
    void cpuTimeIsThatOfTheProcess() throws Exception {
        Trace trace = Traces.of("sh", "-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done");
        ProcessSpan busy = root(trace);
        ProcessSpan idle = root(Traces.of("sleep", "0.2"));

        assertThat(busy.cpuTime()).isBetween(Duration.ofMillis(10), busy.duration());
        assertThat(idle.cpuTime()).isLessThan(Duration.ofMillis(100));
    }

    @Test
    void maxRssIsThatOfGetrusage() throws Exception {
        Path out = temp.resolve("rss");
        Trace trace = Traces.of(new ProcessBuilder(
                        "/usr/bin/python3",
                        "-c",
                        "import resource; x = bytearray(64 << 20); print"
                                + "(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)")
                .redirectOutput(out.toFile()));

        long kibibytes = Long.parseLong(Files.readString(out).trim());
        assertThat(root(trace).maxRssBytes()).isBetween(kibibytes << 10, (kibibytes << 10) + (8 << 20));
    }

    /** No time is waited: what ended before waitFor() returned is complete at once. */
    @Test
    void theTraceOfAnEndedTreeIsThereAtOnce() throws Exception {
        List<Duration> took = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            try (TracedCommand command = Tracer.launch(Traces.quiet("sh", "-c", "ls | wc -l; (exit 3); true"))) {
                assertThat(command.waitFor()).isZero();
                Trace now = command.trace();
                assertThat(now.isComplete()).as(now::toString).isTrue();
                assertThat(now.processes()).hasSize(4);
                long start = System.nanoTime();
                Trace waited = command.awaitTree(Duration.ZERO);
                took.add(Duration.ofNanos(System.nanoTime() - start));
                assertThat(waited.processes()).isEqualTo(now.processes());
            }
        }
        took.sort(Duration::compareTo);
        assertThat(took.get(took.size() / 2)).isLessThan(Duration.ofMillis(20));
    }

    @Test
    void awaitTreeReturnsSoonAfterTheLastProcess() throws Exception {
        Duration shortest = Duration.ofDays(1);
        for (int i = 0; i < 5; i++) {
            try (TracedCommand command = Tracer.launch(Traces.quiet("sh", "-c", "sleep 0.2 & exit 0"))) {
                assertThat(command.waitFor()).isZero();
                Trace trace = command.awaitTree(Traces.LONG);
                Instant now = Instant.now();
                Duration late = Duration.between(named(trace, "sleep").endTime(), now);
                assertThat(trace.isComplete()).isTrue();
                shortest = late.compareTo(shortest) < 0 ? late : shortest;
            }
        }
        assertThat(shortest).isLessThan(Duration.ofMillis(100));
    }

    @Test
    void aTreeThatRunsOnIsNamed() throws Exception {
        try (TracedCommand command = Tracer.launch(Traces.quiet("sh", "-c", "sleep 60 & exit 0"))) {
            command.waitFor();
            TreeStillRunningException running = org.junit.jupiter.api.Assertions.assertThrows(
                    TreeStillRunningException.class, () -> command.awaitTree(Duration.ofMillis(50)));

            assertThat(running).hasMessageContaining("sleep 60");
            assertThat(command.killTree()).isEqualTo(1);
            assertThat(named(command.awaitTree(Traces.LONG), "sleep").signal()).isEqualTo("SIGKILL");
        }
    }

    @Test
    void timeoutsOfAnyLengthAreTaken() throws Exception {
        try (TracedCommand command = Tracer.launch("true")) {
            assertThat(command.waitFor(Duration.ofSeconds(Long.MAX_VALUE))).isTrue();
            assertThat(command.awaitTree(Duration.ofSeconds(Long.MAX_VALUE)).isComplete())
                    .isTrue();
            assertThat(command.awaitTree(Duration.ofNanos(Long.MAX_VALUE)).isComplete())
                    .isTrue();
            assertThat(command.awaitTree(Duration.ofSeconds(-1)).isComplete()).isTrue();
        }
    }
}
