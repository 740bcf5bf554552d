package io.schedtrace;

import static io.schedtrace.lab.Traces.root;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.schedtrace.export.JsonLines;
import io.schedtrace.export.TextLines;
import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.TestPrograms;
import io.schedtrace.lab.Traces;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TreeStillRunningException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program whose name and arguments would write to the reader's terminal, from the kernel to each text form. */
@KernelTest
class TerminalEscapesIT {
    private static final String RED = "\033[31m\033]0;title\007\r\u009b2J";

    @TempDir
    Path temp;

    @Test
    void shouldReachNoTextAsTheyAre() throws Exception {
        Path program =
                TestPrograms.copy(TestPrograms.program("brief", "-static").toString(), temp.resolve("\033[31mbrief"));
        Trace trace = Traces.of(program.toString(), RED, "line\nbreak", RED + "=1");
        ProcessSpan process = root(trace);

        assertThat(process.arguments()).containsExactly(program.toString(), RED, "line\nbreak", RED + "=1");
        assertThat(process.comm()).startsWith("\033[31m");
        assertPrintable(trace.toString());
        assertPrintable(JsonLines.format(process));
        assertPrintable(TextLines.format(process));
        assertPrintable(process.toString());
        assertPrintable(process.execs().toString());
    }

    @Test
    void shouldReachNoMessageAsTheyAre() throws Exception {
        try (TracedCommand command = Tracer.launch(Traces.quiet("sh", "-c", "sleep 60; :", RED + " a://b:secret@c"))) {
            assertThatThrownBy(() -> command.awaitTree(Duration.ofMillis(50)))
                    .isInstanceOf(TreeStillRunningException.class)
                    .satisfies(running -> assertPrintable(running.getMessage()))
                    .hasMessageNotContaining("secret");
            command.killTree();
        }
    }

    private static void assertPrintable(String text) {
        assertThat(text.lines().count()).isLessThanOrEqualTo(2);
        assertThat(text.replace("\n", "").codePoints().filter(Character::isISOControl))
                .isEmpty();
        assertThat(text).contains("31m");
    }
}
