package io.schedtrace.assertj;

import static io.schedtrace.assertj.SampleTrace.CURL;
import static io.schedtrace.assertj.SampleTrace.LS;
import static io.schedtrace.assertj.SampleTrace.RUNNING;
import static io.schedtrace.assertj.SampleTrace.SH;
import static io.schedtrace.assertj.SampleTrace.TRACE;
import static io.schedtrace.assertj.SampleTrace.address;
import static io.schedtrace.assertj.SampleTrace.connection;
import static io.schedtrace.assertj.SampleTrace.trace;
import static io.schedtrace.assertj.TraceAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.schedtrace.model.Loss;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.TcpSpan.Outcome;
import io.schedtrace.model.TcpSpan.Role;
import io.schedtrace.model.Trace;
import java.util.Map;
import java.util.regex.PatternSyntaxException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class TraceAssertTest {
    @Test
    void shouldFindAProcessByName() {
        assertThat(TRACE).hasProcess("ls").hasProcess("cc");
        assertFails(() -> assertThat(TRACE).hasProcess("grep"), """
                Expecting trace to have a process named:
                  grep
                but the processes were:
                  sh
                  ls
                  curl
                  make
                  cc
                """);
    }

    @Test
    void shouldSayThatThereAreNoProcesses() {
        Trace empty = trace(Loss.NONE);
        Failures.assertFails(empty, () -> assertThat(empty).hasProcess("grep"), """
                Expecting trace to have a process named:
                  grep
                but the processes were:
                  (none)
                """);
    }

    @Test
    void shouldFindAProcessByCommandLine() {
        assertThat(TRACE).hasProcessMatching("^cc -c .\\.c$").hasProcessMatching("localhost");
        assertFails(() -> assertThat(TRACE).hasProcessMatching("^ls$"), """
                Expecting trace to have a process whose command line matches:
                  ^ls$
                but the command lines were:
                  sh -c ls; curl; make
                  ls -l a b
                  curl http://localhost:1/
                  make -j2
                  cc -c a.c
                  cc -c b.c
                """);
        assertThatExceptionOfType(PatternSyntaxException.class)
                .isThrownBy(() -> assertThat(TRACE).hasProcessMatching("("));
    }

    @Test
    void shouldFindAProcessByPredicate() {
        assertThat(TRACE).hasProcessMatching(process -> process.signal() != null, "killed");
        assertFails(() -> assertThat(TRACE).hasProcessMatching(process -> process.threads() > 1, "with threads"), """
                Expecting trace to have a process:
                  with threads
                but none was
                """);
    }

    @Test
    void shouldGoOnToAllProcesses() {
        assertThat(TRACE).processes().extracting(ProcessSpan::name).contains("sh", "make");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> assertThat(TRACE).processes().hasSize(2))
                .withMessageContaining("Expected size: 2 but was: 6")
                .withMessageContaining("├─ curl http://localhost:1/  [3]");
    }

    @Test
    void shouldGoOnToTheRoot() {
        assertThat(TRACE).root().isEqualTo(SH);
        Trace two = trace(Loss.NONE, SH, CURL, SampleTrace.CC1);
        Failures.assertFails(two, () -> assertThat(two).root(), """
                Expecting trace to have one root
                but the roots were:
                  sh [1]
                  cc [5]
                """);
        Trace none = trace(Loss.NONE);
        Failures.assertFails(none, () -> assertThat(none).root(), """
                Expecting trace to have one root
                but the roots were:
                  (none)
                """);
    }

    @Test
    void shouldGoOnToTheOnlyProcessOfAName() {
        assertThat(TRACE).process("ls").isEqualTo(LS);
        assertFails(() -> assertThat(TRACE).process("grep"), """
                Expecting trace to have one process named:
                  grep
                but the processes were:
                  sh
                  ls
                  curl
                  make
                  cc
                """);
        assertFails(() -> assertThat(TRACE).process("cc"), """
                Expecting trace to have one process named:
                  cc
                but these have that name:
                  cc [5]
                  cc [6]
                """);
    }

    @Test
    void shouldSeeWhatIsLeftRunning() {
        assertThat(TRACE).leftNothingRunning();
        Trace left = trace(Loss.NONE, SH, LS, RUNNING);
        Failures.assertFails(left, () -> assertThat(left).leftNothingRunning(), """
                Expecting trace to have left nothing running
                but these are still running:
                  sleep [7]
                """);
    }

    @Test
    void shouldSeeWhatIsMissing() {
        assertThat(TRACE).isComplete();
        Trace lossy = trace(
                Loss.builder()
                        .recordsByType(Map.of("exec_data", 3L))
                        .untracked(2)
                        .listenerEvents(1)
                        .build(),
                SH,
                RUNNING,
                connection(10, SH, Role.CLIENT, Outcome.OPEN, null, address("::1", 80)));
        Failures.assertFails(lossy, () -> assertThat(lossy).isComplete(), """
                Expecting trace to be complete
                but there were:
                  3 lost kernel records: exec_data
                  2 processes or sockets that could not be followed
                  1 events that a listener was too slow to take
                  sleep [7], not ended
                  connection to [::1]:80, incomplete
                """);
    }

    @Test
    void shouldCompareTheTree() {
        assertThat(TRACE)
                .hasTreeLike("sh\n├─ ls\n├─ curl\n└─ make\n   ├─ cc\n   └─ cc")
                .hasTreeLike("""
                sh
                ├─ ls
                ├─ curl
                └─ make
                   ├─ cc
                   └─ cc

                """);
        assertFails(() -> assertThat(TRACE).hasTreeLike("sh\n└─ ls"), """
                Expecting trace to have a tree like:
                  sh
                  └─ ls
                but it was:
                  sh
                  ├─ ls
                  ├─ curl
                  └─ make
                     ├─ cc
                     └─ cc
                """);
    }

    @Test
    void shouldSayThatThereIsNoTrace() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> assertThat((Trace) null).isComplete())
                .withMessage("\nExpecting actual not to be null");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> assertThat((Trace) null).processes().isEmpty())
                .withMessageContaining("Expecting actual not to be null");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> assertThat((Trace) null).process("sh"))
                .withMessage("\nExpecting actual not to be null");
    }

    @Test
    void shouldKeepTheDescriptionOfTheUser() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> assertThat(TRACE).as("100%% of %s", "it").hasProcess("%s"))
                .withMessageStartingWith("[100% of it] \nExpecting trace to have a process named:\n  %s\n");
    }

    private static void assertFails(ThrowingCallable assertion, String message) {
        Failures.assertFails(TRACE, assertion, message);
    }
}
