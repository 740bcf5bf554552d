package io.schedtrace.assertj;

import static io.schedtrace.assertj.TraceAssertions.assertThat;
import static io.schedtrace.lab.Spans.connection;
import static io.schedtrace.lab.Spans.process;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.schedtrace.lab.Spans;
import io.schedtrace.model.Loss;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.TcpSpan.Outcome;
import io.schedtrace.model.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What assertions say about a trace of many processes and connections: as much as fits on a page. */
class LargeTraceTest {
    private static final ProcessSpan SHELL = process(1, "sh").build();

    /** 300 equal processes with a refused connection each, and 300 different ones that are still running. */
    private static final Trace TRACE = trace();

    private static Trace trace() {
        List<Object> spans = new ArrayList<>(List.of(SHELL));
        for (int i = 0; i < 300; i++) {
            ProcessSpan equal = process(1_000 + i, "true").under(SHELL).build();
            spans.add(equal);
            spans.add(connection(3_000 + i, equal)
                    .failed(Outcome.REFUSED, "ECONNREFUSED")
                    .build());
            spans.add(process(2_000 + i, "p" + i).under(SHELL).running().build());
        }
        return Spans.trace(Loss.NONE, spans.toArray());
    }

    static Stream<ThrowingCallable> failures() {
        return Stream.of(
                () -> assertThat(TRACE).hasProcess("x"),
                () -> assertThat(TRACE).hasProcessMatching("^x$"),
                () -> assertThat(TRACE).process("true"),
                () -> assertThat(TRACE).leftNothingRunning(),
                () -> assertThat(TRACE).isComplete(),
                () -> assertThat(TRACE).hasTreeLike("sh"),
                () -> assertThat(TRACE).hasTreeLike("sh\n" + "├─ true\n".repeat(300)),
                () -> assertThat(TRACE).connectedTo("x", 1),
                () -> assertThat(TRACE).connectedOnlyTo("x"),
                () -> assertThat(TRACE).madeNoConnections(),
                () -> assertThat(TRACE).connection("x", 1),
                () -> assertThat(TRACE).root().hasExactlyChildren("x"),
                () -> assertThat(TRACE).processes().hasSize(2),
                () -> assertThat(TRACE).processes().isEmpty(),
                () -> assertThat(TRACE).processes().containsExactly(SHELL),
                () -> assertThat(TRACE).processes().allMatch(ProcessSpan::running),
                () -> assertThat(TRACE)
                        .processes()
                        .extracting(ProcessSpan::name)
                        .containsOnly("sh"),
                () -> assertThat(TRACE).processes().extracting(ProcessSpan::pid).contains(7L),
                () -> assertThat(TRACE)
                        .processes()
                        .filteredOn(ProcessSpan::running)
                        .isEmpty(),
                LargeTraceTest::collected);
    }

    private static void collected() {
        TraceSoftAssertions all = new TraceSoftAssertions();
        all.assertThat(TRACE).processes().hasSize(2);
        all.assertAll();
    }

    @ParameterizedTest
    @MethodSource("failures")
    void shouldFitOnAPage(ThrowingCallable assertion) {
        AssertionError failure = catchThrowableOfType(AssertionError.class, assertion);
        assertThat(failure.getMessage().lines()).hasSizeBetween(62, 200);
        assertThat(failure.getMessage().split("connections, trace " + TRACE.traceId(), -1))
                .as("how often the tree is there")
                .hasSize(2);
    }

    @Test
    void shouldFoldEqualProcesses() {
        AssertionError failure = catchThrowableOfType(
                AssertionError.class, () -> assertThat(TRACE).process("true"));
        assertThat(failure).hasMessageContaining("but these have that name:\n  true [1000..1299]  x 300\n");
    }

    @Test
    void shouldFoldEqualConnections() {
        AssertionError failure = catchThrowableOfType(
                AssertionError.class, () -> assertThat(TRACE).madeNoConnections());
        assertThat(failure).hasMessageContaining("\n  10.0.0.7:6379, refused (ECONNREFUSED)  x 300\n");
    }

    @Test
    void shouldCountTheProcessesThatAreLeftOut() {
        AssertionError failure = catchThrowableOfType(
                AssertionError.class, () -> assertThat(TRACE).leftNothingRunning());
        assertThat(failure).hasMessageContaining("\n  p19 [2019]\n  … and 280 more\n");
    }

    @Test
    void shouldShowWhereALongTreeDiffers() {
        String names = io.schedtrace.model.TreeText.names(TRACE);
        String expected = names.replace("p200", "other");
        AssertionError failure = catchThrowableOfType(
                AssertionError.class, () -> assertThat(TRACE).hasTreeLike(expected));
        assertThat(failure).hasMessageContaining("├─ other\n").hasMessageContaining("├─ p200\n");
    }
}
