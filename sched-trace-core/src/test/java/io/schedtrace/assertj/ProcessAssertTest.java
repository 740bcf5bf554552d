package io.schedtrace.assertj;

import static io.schedtrace.assertj.SampleTrace.CC1;
import static io.schedtrace.assertj.SampleTrace.CC2;
import static io.schedtrace.assertj.SampleTrace.MAKE;
import static io.schedtrace.assertj.SampleTrace.RUNNING;
import static io.schedtrace.assertj.SampleTrace.SH;
import static io.schedtrace.assertj.SampleTrace.TRACE;
import static io.schedtrace.assertj.SampleTrace.trace;
import static io.schedtrace.assertj.TraceAssertions.assertThat;
import static io.schedtrace.assertj.TraceAssertions.atLeast;
import static io.schedtrace.assertj.TraceAssertions.lessThan;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.schedtrace.model.Loss;
import io.schedtrace.model.Trace;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ProcessAssertTest {
    private static final Trace LEFT = trace(Loss.NONE, SH, RUNNING);

    @Test
    void shouldCheckTheExitCode() {
        assertThat(TRACE).process("make").exitedWith(2);
        assertFails(() -> assertThat(TRACE).process("make").exitedWith(0), """
                Expecting process make [4] to have exited with:
                  0
                but it ended with:
                  exit 2
                """);
        assertFails(() -> assertThat(TRACE, CC1).exitedWith(0), """
                Expecting process cc [5] to have exited with:
                  0
                but it ended with:
                  SIGTERM
                """);
        Failures.assertFails(LEFT, () -> assertThat(LEFT).process("sleep").exitedWith(0), """
                Expecting process sleep [7] to have exited with:
                  0
                but it is still running
                """);
    }

    @Test
    void shouldCheckTheSignal() {
        assertThat(TRACE, CC1).wasKilledBy("SIGTERM").wasKilledBy("TERM");
        assertFails(() -> assertThat(TRACE, CC1).wasKilledBy("KILL"), """
                Expecting process cc [5] to have been killed by:
                  SIGKILL
                but it ended with:
                  SIGTERM
                """);
        assertFails(() -> assertThat(TRACE, CC2).wasKilledBy("SIGTERM"), """
                Expecting process cc [6] to have been killed by:
                  SIGTERM
                but it ended with:
                  exit 0
                """);
    }

    @Test
    void shouldCompareArguments() {
        assertThat(TRACE).process("ls").hasArguments("ls", "-l", "a b");
        assertFails(() -> assertThat(TRACE).process("ls").hasArguments("ls", "-l", "a", "b"), """
                Expecting process ls [2] to have the arguments:
                  ls
                  -l
                  a
                  b
                but they were:
                  ls
                  -l
                  a b
                """);
    }

    @Test
    void shouldCompareTheDuration() {
        assertThat(TRACE).root().ranFor(lessThan(Duration.ofMillis(1501))).ranFor(atLeast(Duration.ofMillis(1500)));
        assertFails(() -> assertThat(TRACE).root().ranFor(lessThan(Duration.ofMillis(1500))), """
                Expecting process sh [1] to have run for:
                  less than 1.5 s
                but it ran for:
                  1.5 s
                """);
        assertFails(() -> assertThat(TRACE).root().ranFor(atLeast(Duration.ofSeconds(100))), """
                Expecting process sh [1] to have run for:
                  at least 100 s
                but it ran for:
                  1.5 s
                """);
    }

    @Test
    void shouldCompareTheCpuTime() {
        assertThat(TRACE).root().usedCpuLessThan(Duration.ofMillis(21));
        assertFails(() -> assertThat(TRACE).root().usedCpuLessThan(Duration.ofNanos(12_345_678)), """
                Expecting process sh [1] to have used less CPU time than:
                  12.346 ms
                but it used:
                  20 ms
                """);
        Failures.assertFails(LEFT, () -> assertThat(LEFT, RUNNING).usedCpuLessThan(Duration.ofDays(1)), """
                Expecting process sleep [7] to have used less CPU time than:
                  86400 s
                but it is still running
                """);
    }

    @Test
    void shouldCompareTheMemory() {
        assertThat(TRACE).root().peakMemoryLessThan(5 << 20);
        assertFails(() -> assertThat(TRACE).root().peakMemoryLessThan(4 << 20), """
                Expecting process sh [1] to have a peak memory of less than:
                  4,194,304 bytes
                but it was:
                  4,194,304 bytes
                """);
        Failures.assertFails(LEFT, () -> assertThat(LEFT, RUNNING).peakMemoryLessThan(Long.MAX_VALUE), """
                Expecting process sleep [7] to have a peak memory of less than:
                  9,223,372,036,854,775,807 bytes
                but it is still running
                """);
    }

    @Test
    void shouldKnowTheParent() {
        assertThat(TRACE, CC1).isChildOf("make");
        assertFails(() -> assertThat(TRACE, CC1).isChildOf("sh"), """
                Expecting process cc [5] to be a child of:
                  sh
                but it is a child of:
                  make [4]
                """);
        assertFails(() -> assertThat(TRACE).root().isChildOf("init"), """
                Expecting process sh [1] to be a child of:
                  init
                but it is a root
                """);
    }

    @Test
    void shouldKnowTheChildren() {
        assertThat(TRACE).root().hasExactlyChildren("make", "curl", "ls");
        assertThat(TRACE, MAKE).hasExactlyChildren("cc", "cc");
        assertThat(TRACE, CC1).hasExactlyChildren();
        assertFails(() -> assertThat(TRACE, MAKE).hasExactlyChildren("cc"), """
                Expecting process make [4] to have exactly these children:
                  cc
                but they were:
                  cc
                  cc
                """);
        assertFails(() -> assertThat(TRACE, CC1).hasExactlyChildren("as", "ld"), """
                Expecting process cc [5] to have exactly these children:
                  as
                  ld
                but they were:
                  (none)
                """);
    }

    @Test
    void shouldNameTheMistakeOfAnAssertionWithoutATrace() {
        assertThatIllegalStateException()
                .isThrownBy(() -> new ProcessAssert(CC1).isChildOf("make"))
                .withMessage("no trace to look into; begin with TraceAssertions.assertThat");
    }

    private static void assertFails(ThrowingCallable assertion, String message) {
        Failures.assertFails(TRACE, assertion, message);
    }
}
