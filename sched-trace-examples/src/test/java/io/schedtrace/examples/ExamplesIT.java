package io.schedtrace.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.schedtrace.Tracing;
import io.schedtrace.model.Availability;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Each example tells what it should. */
class ExamplesIT {
    @BeforeAll
    static void needTracing() {
        Availability availability = Tracing.availability();
        if (!"1".equals(System.getenv("SCHED_TRACE_REQUIRE"))) {
            assumeThat(availability.available()).as(availability.message()).isTrue();
        }
    }

    @Test
    void shouldFindTheStepThatFailed() throws Exception {
        assertThat(told(CommandUnderTest::main))
                .contains("The script says that it has succeeded: exit code 0.")
                .contains("├─ tar -c /nowhere/to/be/found  [")
                .containsPattern("But tar ended with: exit [1-9]")
                .doesNotContain("But gzip", "But sh");
    }

    @Test
    void shouldSeeBothEndsOfAConversation() throws Exception {
        assertThat(told(ServerUnderTest::main))
                .contains("curl got: hello from nginx\n")
                .containsPattern(
                        "(?m)^curl \\d+ talked to nginx \\d+ \\(child of nginx \\d+\\) and received \\d{2,} bytes$");
    }

    @Test
    void shouldFindTheSlowestStep() throws Exception {
        String told = told(SlowestBuildStep::main);
        assertThat(told)
                .containsPattern("(?m)^make took \\d+ ms for \\d+ ms of work\\.$")
                .containsPattern("(?m)^The slowest step: /bin/sh -c sleep 0.9; echo built tables, \\d+ ms$");
    }

    @Test
    void shouldFindAndEndWhatIsLeft() throws Exception {
        assertThat(told(LeakHunt::main))
                .contains("The script has ended with exit code 0.\nIt has left:\n")
                .containsPattern("sleep 600  \\[\\d+] .*running")
                .containsPattern("sleep 700  \\[\\d+] .*running")
                .contains("Processes ended: 2, still running: 0\n");
    }

    @Test
    void shouldFindWhoTalksToStrangers() throws Exception {
        assertThat(told(HermeticCheck::main))
                .containsPattern("The check is not hermetic:\nbash -c echo ping >/dev/tcp/127.0.0.1/(\\d+) talked to"
                        + " (localhost|127.0.0.1):\\1\n$");
    }

    private interface Example {
        void main(String[] args) throws IOException, InterruptedException;
    }

    private static String told(Example example) throws IOException, InterruptedException {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            example.main(new String[0]);
        } finally {
            System.setOut(before);
        }
        String told = out.toString(StandardCharsets.UTF_8);
        System.out.println(told);
        return told;
    }
}
