package io.schedtrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.schedtrace.bpf.ImpatientReport;
import io.schedtrace.lab.ChildJvm;
import io.schedtrace.lab.DaemonPlace;
import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.SelfReport;
import io.schedtrace.lab.TestPrograms;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a user is told where there is no daemon, or what listens is none. */
@KernelTest
class DaemonRefusalIT {
    private static final int USER = 65534;

    /** Accepts connections at a path, and answers each with bytes, unless it answers nothing. */
    private static final String LISTENER = """
            import os, socket, sys, time
            s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            s.bind(sys.argv[1])
            os.chmod(sys.argv[1], 0o666)
            s.listen(9)
            print('ready', flush=True)
            while True:
                c, _ = s.accept()
                if sys.argv[2] == 'close': c.recv(100); c.close()
                elif sys.argv[2] == 'silent': kept = c
                else: c.recv(100); c.send(bytes.fromhex(sys.argv[2]))
            """;

    private Path socket;
    private Process listener;

    @BeforeEach
    void begin() {
        assumeThat(System.getProperty("user.name")).isEqualTo("root");
        socket = TestPrograms.directory().resolve("daemon.sock");
    }

    @AfterEach
    void end() {
        if (listener != null) {
            listener.destroyForcibly();
        }
    }

    private void listen(String... command) throws IOException {
        listener = new ProcessBuilder(command).redirectErrorStream(true).start();
        assertThat(new BufferedReader(new InputStreamReader(listener.getInputStream(), StandardCharsets.UTF_8))
                        .readLine())
                .isEqualTo("ready");
    }

    private void answer(String hex) throws IOException {
        listen("/usr/bin/python3", "-c", LISTENER, socket.toString(), hex);
    }

    private ChildJvm jvm() throws Exception {
        Path temporary = TestPrograms.directory();
        Files.setAttribute(temporary, "unix:mode", 01777);
        return new ChildJvm()
                .readableByAll()
                .option("-Djava.io.tmpdir=" + temporary)
                .option("-Dio.schedtrace.via=daemon")
                .option("-Dio.schedtrace.daemon=" + socket)
                .under(DaemonPlace.as(USER));
    }

    private String refusal() throws Exception {
        return jvm().lines(SelfReport.class, "availability").stream()
                .filter(line -> line.startsWith("REFUSED: "))
                .findFirst()
                .orElseThrow();
    }

    /** In a container the remedy has more words. */
    @Test
    void noDaemonNamesTheRemedy() throws Exception {
        assertThat(refusal())
                .startsWith("REFUSED: no daemon listens at " + socket + "; ")
                .contains("run: sudo sched-trace daemon");
    }

    @Test
    void aSocketThatNobodyServesIsNoDaemon() throws Exception {
        answer("00");
        listener.destroyForcibly().waitFor();
        assertThat(refusal())
                .contains("no daemon listens at " + socket + " any more; ", "run: sudo sched-trace daemon");
    }

    @ParameterizedTest
    @CsvSource({
        "00, an answer that makes no sense",
        "0000000000000000000000000000000000000000, of another version than this library",
        "close, has closed the connection without an answer",
    })
    void whatAnswersWronglyIsNoDaemon(String hex, String words) throws Exception {
        answer(hex);
        assertThat(refusal()).contains(words, "sudo sched-trace daemon");
    }

    @Test
    void aDaemonThatHangsIsNotWaitedFor() throws Exception {
        answer("silent");
        assertThat(jvm().lines(ImpatientReport.class))
                .anyMatch(line -> line.contains("the daemon does not answer; start it again: sudo sched-trace daemon"));
    }

    @Test
    void aSocketThatIsNotRootsIsNotTrusted() throws Exception {
        answer("00");
        Files.setAttribute(socket, "unix:uid", USER);
        assertThat(refusal()).contains("others than root may change " + socket + ",");
        Files.setAttribute(socket, "unix:uid", 0);
        Files.setAttribute(socket.getParent(), "unix:mode", 0777);
        assertThat(refusal()).contains("others than root may change " + socket.getParent() + ",");
    }

    @Test
    void aDaemonIsOnlyRoots() throws Exception {
        TestPrograms.Result result = jvm().run(Class.forName("io.schedtrace.cli.SchedTrace"), "daemon");
        assertThat(result.status()).isEqualTo(125);
        assertThat(result.text()).contains("sched-trace: daemon needs root; run: sudo sched-trace daemon");
    }

    @Test
    void aSecondDaemonIsRefused() throws Exception {
        try (DaemonPlace place = new DaemonPlace()) {
            TestPrograms.Result result = new ChildJvm()
                    .option("-Dio.schedtrace.daemon=" + place.socket())
                    .run(Class.forName("io.schedtrace.cli.SchedTrace"), "daemon");
            assertThat(result.text()).contains("a daemon listens at " + place.socket() + " already");
            place.kill();
            place.startAgain();
        }
    }
}
