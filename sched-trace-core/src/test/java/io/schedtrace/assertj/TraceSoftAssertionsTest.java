package io.schedtrace.assertj;

import static io.schedtrace.assertj.SampleTrace.CC1;
import static io.schedtrace.assertj.SampleTrace.REFUSED;
import static io.schedtrace.assertj.SampleTrace.TRACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.schedtrace.model.Trace;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

class TraceSoftAssertionsTest {
    private final TraceSoftAssertions softly = new TraceSoftAssertions();

    @Test
    void shouldPass() {
        TraceSoftAssertions.assertTraceSoftly(all -> {
            all.assertThat(TRACE).hasProcess("ls").isComplete();
            all.assertThat(TRACE).process("curl").exitedWith(7).connectedTo("db.test", 5432);
            all.assertThat(TRACE).root().hasExactlyChildren("ls", "curl", "make");
            all.assertThat(TRACE).connection("localhost", 1).wasRefused();
            all.assertThat(TRACE).processes().hasSize(6);
            all.assertThat(TRACE, CC1).wasKilledBy("TERM");
            all.assertThat(TRACE, REFUSED).wasRefused();
            all.assertThat(TRACE.processes()).hasSize(6);
        });
    }

    @Test
    void shouldCollectEveryFailure() {
        softly.assertThat(TRACE).hasProcess("grep").hasProcess("ls").hasTreeLike("sh");
        softly.assertThat(TRACE)
                .process("curl")
                .exitedWith(0)
                .madeNoConnections()
                .hasArguments("curl");
        softly.assertThat(TRACE).process("curl").connection("localhost", 1).wasEstablished();
        softly.assertThat(TRACE).root().exitedWith(1);
        softly.assertThat(TRACE).processes().hasSize(1);
        softly.assertThat(TRACE, CC1).exitedWith(0);
        softly.assertThat(TRACE, REFUSED).wasEstablished();
        softly.assertThat(1).isEqualTo(2);

        assertThat(messages())
                .satisfiesExactly(
                        first -> assertThat(first).contains("process named:\n  grep", "├─ ls -l"),
                        second -> assertThat(second).contains("a tree like:\n  sh\nbut", "├─ ls -l"),
                        third -> assertThat(third).contains("curl [3] to have exited with:\n  0"),
                        fourth -> assertThat(fourth).contains("curl [3] to have made no connections"),
                        fifth -> assertThat(fifth).contains("curl [3] to have the arguments"),
                        sixth -> assertThat(sixth).contains("127.0.0.1:1\nto have been established"),
                        seventh -> assertThat(seventh).contains("sh [1] to have exited with:\n  1"),
                        eighth -> assertThat(eighth).contains("Expected size: 1 but was: 6"),
                        ninth -> assertThat(ninth).contains("cc [5] to have exited with:\n  0"),
                        tenth -> assertThat(tenth).contains("to have been established"),
                        last -> assertThat(last).contains("expected: 2"));
    }

    @Test
    void shouldTellOnceThatAPartIsMissing() {
        softly.assertThat(TRACE)
                .process("grep")
                .exitedWith(0)
                .connection("x", 1)
                .wasRefused();
        softly.assertThat(TRACE).connection("x", 1).wasRefused();

        assertThat(messages())
                .satisfiesExactly(
                        first -> assertThat(first).contains("one process named:\n  grep"),
                        second -> assertThat(second).contains("to have tried to connect to:\n  x:1"));
    }

    @Test
    void shouldTellThatThereIsNoTrace() {
        softly.assertThat((Trace) null).isComplete().process("x").exitedWith(0);
        assertThat(messages())
                .hasSize(2)
                .allSatisfy(message -> assertThat(message).contains("Expecting actual not to be null"));
    }

    @Test
    void shouldFailInTheEnd() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> TraceSoftAssertions.assertTraceSoftly(all -> {
                    all.assertThat(TRACE).hasProcess("grep");
                    all.assertThat(TRACE).process("curl").exitedWith(1);
                }))
                .withMessageContaining("grep")
                .withMessageContaining("curl [3] to have exited with:\n  1");
    }

    @Test
    void shouldWorkWithPlainSoftAssertions() {
        SoftAssertions plain = new SoftAssertions();
        plain.proxy(TraceAssert.class, Trace.class, TRACE)
                .hasProcess("grep")
                .hasProcess("ls")
                .madeNoConnections();
        assertThat(plain.errorsCollected()).hasSize(2);
    }

    @Test
    void shouldMixWithSoftAssertionsOfTheUser() {
        class Ours extends SoftAssertions implements TraceSoftAssertionsProvider {}
        Ours ours = new Ours();
        ours.assertThat(TRACE).process("ls").exitedWith(1);
        ours.assertThat("a").isEqualTo("b");
        assertThat(ours.errorsCollected()).hasSize(2);
    }

    private List<String> messages() {
        return softly.errorsCollected().stream().map(Throwable::getMessage).toList();
    }
}
