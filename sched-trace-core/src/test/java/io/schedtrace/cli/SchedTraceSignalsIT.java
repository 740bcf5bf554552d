package io.schedtrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.cli.Invocation.Result;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals that are sent to the JVM of the command. */
class SchedTraceSignalsIT {
    @TempDir
    private Path directory;

    @BeforeAll
    static void needTracing() {
        Invocation.requireTracing();
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143", "HUP, 129"})
    void shouldPassSignalsOnAndStillWriteTheSpans(String signal, int status) throws Exception {
        Result result = Invocation.start("--", "sh", "-c", "echo ready; exec sleep 60")
                .awaitLine("ready")
                .signal(signal)
                .result();
        assertThat(result.status()).isEqualTo(status);
        assertThat(result.errLines()).singleElement().asString().contains(" signal=SIG" + signal + " ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM", "HUP"})
    void shouldLeaveItToTheCommandWhatItDoesOnASignal(String signal) throws Exception {
        Result result = Invocation.start("--", "python3", "-uc", """
                        import signal, time
                        count = 0
                        def on_signal(number, frame):
                            global count
                            count += 1
                        signal.signal(signal.SIG%s, on_signal)
                        print('ready')
                        deadline = time.monotonic() + 30
                        while not count and time.monotonic() < deadline:
                            time.sleep(0.01)
                        time.sleep(0.3)
                        print('got', count)
                        raise SystemExit(42)
                        """.formatted(signal))
                .awaitLine("ready")
                .signal(signal)
                .result();
        assertThat(result.out()).isEqualTo("got 1\n");
        assertThat(result.status()).isEqualTo(42);
        assertThat(result.err()).contains(" exit_code=42 ");
    }

    @Test
    void shouldGiveTheCommandTheDispositionsThatWeWereGiven() throws Exception {
        String ignored = "grep SigIgn /proc/self/status";
        String bare = Invocation.filter("", "sh", "-c", ignored);
        assertThat(Invocation.run("sh", "-c", ignored).out()).isEqualTo(bare);

        ProcessBuilder builder = new ProcessBuilder("sh", "-c", "trap '' INT HUP; exec \"$0\" \"$@\"");
        builder.command().addAll(Invocation.commandLine("sh", "-c", ignored));
        assertThat(Invocation.start(builder).result().out())
                .isEqualTo(Invocation.filter("", "sh", "-c", "trap '' INT HUP; " + ignored));
    }

    @Test
    void shouldDeliverTheInterruptOfATerminalOnce() throws Exception {
        Path answer = directory.resolve("answer");
        String counter = """
                import signal, time
                count = 0
                def on_signal(number, frame):
                    global count
                    count += 1
                signal.signal(signal.SIGINT, on_signal)
                open('%1$s', 'w').write('ready')
                deadline = time.monotonic() + 30
                while not count and time.monotonic() < deadline:
                    time.sleep(0.01)
                time.sleep(0.5)
                open('%1$s', 'w').write(str(count))
                """.formatted(answer);
        String terminal = terminal(
                Invocation.commandLine("--format", "tree", "--", "python3", "-c", counter), """
                while not (os.path.exists('%1$s') and open('%1$s').read() == 'ready'):
                    time.sleep(0.01)
                os.write(master, b'\\x03')
                """.formatted(answer));

        assertThat(answer).hasContent("1");
        assertThat(terminal).contains("\033[1mpython3\033[0m");
    }

    /** Runs a command on a pseudo-terminal, with a Python script that acts on the terminal; returns the output. */
    private static String terminal(List<String> command, String script) throws Exception {
        List<String> python = new ArrayList<>(List.of("python3", "-c", """
                import os, pty, sys, time
                child, master = pty.fork()
                if child == 0:
                    os.environ['TERM'] = 'xterm'
                    os.environ.pop('NO_COLOR', None)
                    os.execvp(sys.argv[1], sys.argv[1:])
                %s
                try:
                    while data := os.read(master, 65536):
                        sys.stdout.buffer.write(data)
                except OSError:
                    pass
                sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
                """.formatted(script)));
        python.addAll(command);
        Result result = Invocation.start(new ProcessBuilder(python)).result();
        assertThat(result.status()).as(result.err()).isZero();
        return result.out();
    }
}
