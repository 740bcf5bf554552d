package io.schedtrace.assertj;

import static io.schedtrace.assertj.SampleTrace.CC1;
import static io.schedtrace.assertj.SampleTrace.LS;
import static io.schedtrace.assertj.SampleTrace.RUNNING;
import static io.schedtrace.assertj.SampleTrace.SH;
import static io.schedtrace.assertj.SampleTrace.START;
import static io.schedtrace.assertj.SampleTrace.TRACE;
import static io.schedtrace.assertj.SampleTrace.trace;
import static io.schedtrace.assertj.TraceAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.schedtrace.model.Exec;
import io.schedtrace.model.Loss;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.Trace;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ProcessesAssertTest {
    /** {@code sh -c 'exec env true'}. */
    private static final ProcessSpan THREE_PROGRAMS =
            LS.toBuilder().execs(List.of(exec("sh"), exec("env"), exec("true"))).build();

    private static Exec exec(String name) {
        return Exec.builder()
                .time(START)
                .exe("/usr/bin/" + name)
                .arguments(List.of(name))
                .build();
    }

    @Test
    void shouldSeeThatAProcessIsAbsent() {
        assertThat(TRACE).doesNotHaveProcess("grep").doesNotHaveProcess("c");
        assertFails(() -> assertThat(TRACE).doesNotHaveProcess("cc"), """
                Expecting trace not to have a process named:
                  cc
                but these have that name:
                  cc [5]
                  cc [6]
                """);
    }

    @Test
    void shouldSeeAProgramBeforeAnExec() {
        Trace trace = trace(Loss.NONE, THREE_PROGRAMS);
        assertThat(trace).doesNotHaveProcess("ls");
        Failures.assertFails(trace, () -> assertThat(trace).doesNotHaveProcess("env"), """
                Expecting trace not to have a process named:
                  env
                but these have that name:
                  true [2]
                """);
    }

    @Test
    void shouldCountProcesses() {
        assertThat(TRACE).hasProcessCount(6);
        assertThat(trace(Loss.NONE)).hasProcessCount(0);
        assertFails(() -> assertThat(TRACE).hasProcessCount(5), """
                Expecting trace to have so many processes:
                  5
                but there were:
                  6
                """);
    }

    @Test
    void shouldCountProcessesOfAName() {
        assertThat(TRACE).hasProcessCount("cc", 2).hasProcessCount("grep", 0);
        assertFails(() -> assertThat(TRACE).hasProcessCount("cc", 3), """
                Expecting trace to have so many processes named cc:
                  3
                but there were 2:
                  cc [5]
                  cc [6]
                """);
        assertFails(() -> assertThat(TRACE).hasProcessCount("grep", 1), """
                Expecting trace to have so many processes named grep:
                  1
                but there were 0:
                  (none)
                """);
    }

    @Test
    void shouldFindOtherPrograms() {
        assertThat(TRACE).hasOnlyPrograms("sh", "ls", "curl", "make", "cc", "ld");
        assertThat(trace(Loss.NONE)).hasOnlyPrograms();
        assertFails(() -> assertThat(TRACE).hasOnlyPrograms("sh", "make", "ls", "sh"), """
                Expecting trace to have only these programs:
                  sh
                  make
                  ls
                  sh
                but it also has:
                  curl [3]
                  cc [5]
                  cc [6]
                """);
        Trace trace = trace(Loss.NONE, THREE_PROGRAMS);
        assertThat(trace).hasOnlyPrograms("sh", "env", "true");
        Failures.assertFails(trace, () -> assertThat(trace).hasOnlyPrograms("true"), """
                Expecting trace to have only these programs:
                  true
                but it also has:
                  sh [2]
                  env [2]
                """);
    }

    @Test
    void shouldCheckEveryExitCode() {
        assertThat(trace(Loss.NONE, SH, LS)).allExitedWithZero();
        assertThat(trace(Loss.NONE)).allExitedWithZero();
        assertFails(() -> assertThat(TRACE).allExitedWithZero(), """
                Expecting every process of trace to have exited with 0
                but these have not:
                  curl [3], exit 7
                  make [4], exit 2
                  cc [5], SIGTERM
                """);
        ProcessSpan unseen = CC1.toBuilder().exit(null).complete(false).build();
        Trace left = trace(Loss.NONE, SH, RUNNING, unseen);
        Failures.assertFails(left, () -> assertThat(left).allExitedWithZero(), """
                Expecting every process of trace to have exited with 0
                but these have not:
                  sleep [7], still running
                  cc [5], end not seen
                """);
    }

    @Test
    void shouldCompareTheTreeWithoutAnOrder() {
        assertThat(TRACE)
                .hasTreeLikeInAnyOrder("sh\n├─ make\n│  ├─ cc\n│  └─ cc\n├─ ls\n└─ curl")
                .hasTreeLikeInAnyOrder("""
                sh
                ├─ ls
                ├─ curl
                └─ make
                   ├─ cc
                   └─ cc

                """);
        assertFails(() -> assertThat(TRACE).hasTreeLikeInAnyOrder("sh\n├─ make\n│  └─ cc\n├─ ls\n└─ curl"), """
                Expecting trace to have a tree like, with siblings in any order:
                  sh
                  ├─ make
                  │  └─ cc
                  ├─ ls
                  └─ curl
                but it was:
                  sh
                  ├─ ls
                  ├─ curl
                  └─ make
                     ├─ cc
                     └─ cc
                """);
        assertThat(trace(Loss.NONE)).hasTreeLikeInAnyOrder("");
        Trace two = trace(Loss.NONE, SH, CC1);
        assertThat(two).hasTreeLikeInAnyOrder("cc\nsh");
        Failures.assertFails(two, () -> assertThat(two).hasTreeLikeInAnyOrder("cc\n└─ sh"), """
                Expecting trace to have a tree like, with siblings in any order:
                  cc
                  └─ sh
                but it was:
                  sh
                  cc
                """);
    }

    @Test
    void shouldNotMixUpChildrenOfEqualSiblings() {
        ProcessSpan one = SampleTrace.process(2, SH, null, "x");
        ProcessSpan other = SampleTrace.process(3, SH, null, "x");
        Trace trace = trace(
                Loss.NONE,
                SH,
                one,
                other,
                SampleTrace.process(4, one, null, "a"),
                SampleTrace.process(5, other, null, "b"));
        assertThat(trace).hasTreeLikeInAnyOrder("sh\n├─ x\n│  └─ b\n└─ x\n   └─ a");
        Failures.assertFails(
                trace, () -> assertThat(trace).hasTreeLikeInAnyOrder("sh\n├─ x\n│  ├─ b\n│  └─ a\n└─ x"), """
                Expecting trace to have a tree like, with siblings in any order:
                  sh
                  ├─ x
                  │  ├─ b
                  │  └─ a
                  └─ x
                but it was:
                  sh
                  ├─ x
                  │  └─ a
                  └─ x
                     └─ b
                """);
    }

    @Test
    void shouldReadTheDeepestTree() {
        ProcessSpan[] chain = new ProcessSpan[5000];
        for (int i = 0; i < chain.length; i++) {
            chain[i] = SampleTrace.process(1 + i, i == 0 ? null : chain[i - 1], null, "sh");
        }
        Trace trace = trace(Loss.NONE, (Object[]) chain);
        assertThat(trace).hasTreeLikeInAnyOrder(io.schedtrace.model.TreeText.names(trace));
    }

    @Test
    void shouldRefuseWhatIsNoPicture() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> assertThat(TRACE).hasTreeLikeInAnyOrder("sh\n│  └─ ls"))
                .withMessage("line 2 of the picture is not a name below another one, as in \"sh\\n├─ ls\\n└─ wc\":"
                        + " \"│  └─ ls\"");
        for (String wrong : List.of("   sh", "├─ sh", "sh\n\nls", "sh\n   ls", "sh\n└─ ")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> assertThat(TRACE).hasTreeLikeInAnyOrder(wrong));
        }
    }

    /** Names that look like lines are names all the same. */
    @Test
    void shouldTakeAnyNameInTheTrace() {
        ProcessSpan odd = LS.toBuilder()
                .spanId(new SpanId(8))
                .execs(List.of(exec("   └─ x")))
                .build();
        Trace trace = trace(Loss.NONE, SH, odd);
        Failures.assertFails(trace, () -> assertThat(trace).hasTreeLikeInAnyOrder("sh\n└─ x"), """
                Expecting trace to have a tree like, with siblings in any order:
                  sh
                  └─ x
                but it was:
                  sh
                  └─    └─ x
                """);
    }

    private static void assertFails(ThrowingCallable assertion, String message) {
        Failures.assertFails(TRACE, assertion, message);
    }
}
