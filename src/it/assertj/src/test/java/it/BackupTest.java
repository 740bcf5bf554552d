package it;

import static io.schedtrace.assertj.TraceAssertions.assertThat;
import static io.schedtrace.assertj.TraceAssertions.lessThan;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.schedtrace.model.Availability;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Trace;
import io.schedtrace.Tracer;
import io.schedtrace.Tracing;
import io.schedtrace.assertj.TraceSoftAssertions;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupTest {
    @TempDir
    private Path directory;

    @BeforeAll
    static void skipsWhereTracingIsNotPossible() {
        Availability availability = Tracing.availability();
        assumeTrue(availability.available() || "1".equals(System.getenv("SCHED_TRACE_REQUIRE")), availability::message);
    }

    @Test
    void shouldCompressWhatItPacks() throws Exception {
        Trace trace = trace("tar -c /etc/hostname 2>/dev/null | gzip -9 > " + directory.resolve("backup.tar.gz"));

        assertThat(trace)
                .isComplete()
                .leftNothingRunning()
                .hasProcess("tar")
                .hasProcessMatching("^gzip -9$")
                .hasTreeLike("sh\n├─ tar\n└─ gzip")
                .madeNoConnections();
        assertThat(trace).processes().extracting(ProcessSpan::name).containsExactly("sh", "tar", "gzip");
        assertThat(trace).root().exitedWith(0).hasExactlyChildren("gzip", "tar");
        assertThat(trace)
                .process("gzip")
                .isChildOf("sh")
                .exitedWith(0)
                .hasArguments("gzip", "-9")
                .ranFor(lessThan(Duration.ofMinutes(2)))
                .usedCpuLessThan(Duration.ofMinutes(1))
                .peakMemoryLessThan(16L << 30);
    }

    @Test
    void shouldBeEndedByATimeout() throws Exception {
        assertThat(trace("timeout -s TERM 0.1 sleep 600; exit 3"))
                .process("sleep")
                .wasKilledBy("SIGTERM");
    }

    @Test
    void shouldSayWhatWentWrongAndShowTheTree() throws Exception {
        Trace trace = trace("ls / | wc -l >/dev/null");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> assertThat(trace).hasProcess("grep"))
                .withMessageContaining("grep")
                .withMessageContaining("├─ ls /  [")
                .withMessageContaining("└─ wc -l  [");
    }

    @Test
    void shouldTellAllFailures() throws Exception {
        Trace trace = trace("exit 3");
        TraceSoftAssertions softly = new TraceSoftAssertions();
        softly.assertThat(trace).root().exitedWith(0).wasKilledBy("KILL");
        softly.assertThat(trace).process("grep").exitedWith(0);
        softly.assertThat(trace).isComplete();
        org.assertj.core.api.Assertions.assertThat(softly.errorsCollected()).hasSize(3);
    }

    @Test
    void shouldConnectToOneServerAndBeRefusedByAnother() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = server.getLocalPort();
            assertThat(trace("exec bash -c 'exec 3<>/dev/tcp/127.0.0.1/" + port + "'"))
                    .connectedTo("localhost", port)
                    .connectedTo("127.0.0.1", port)
                    .connectedOnlyTo("localhost:" + port);
        }
        int closed;
        try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = nobody.getLocalPort();
        }
        assertThat(trace("exec bash -c 'exec 3<>/dev/tcp/127.0.0.1/" + closed + "' 2>/dev/null"))
                .connection("localhost", closed)
                .wasRefused();
    }

    private static Trace trace(String script) throws Exception {
        try (var t = Tracer.launch("sh", "-c", script)) {
            return t.awaitTree(Duration.ofSeconds(60));
        }
    }
}
