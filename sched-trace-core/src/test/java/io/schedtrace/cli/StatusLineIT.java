package io.schedtrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.cli.Invocation.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The status line on a pseudo-terminal and without a terminal. */
class StatusLineIT {
    private static final String TO_THE_END = "\0337\033[?7l\033[9999C";

    @TempDir
    private Path directory;

    @BeforeAll
    static void needTracing() {
        Invocation.requireTracing();
    }

    @Test
    void shouldCountWhileTheCommandRunsAndClearAtTheEnd() throws Exception {
        String terminal = terminal(
                "1 alive, 2 ended", "-o", spans(), "--", "sh", "-c", "/bin/true; /bin/true; read line; echo over");

        assertThat(terminal).contains("1 alive, 2 ended, 0 connections\033[0m\033[?7h\0338");
        assertThat(terminal).contains("over").endsWith(TO_THE_END + "\033[30D\033[K\033[?7h\0338");
    }

    @Test
    void shouldClearBeforeTheTreeIsDrawn() throws Exception {
        String terminal = terminal("1 alive, 0 ended", "--format", "tree", "--", "sh", "-c", "read line");
        assertThat(terminal.indexOf("1 alive, 0 ended")).isPositive();
        assertThat(terminal.indexOf("\033[K")).isBetween(terminal.indexOf("1 alive"), terminal.indexOf("1 process,"));
    }

    @Test
    void shouldShowNoneWhenQuietOrWhenSpansComeThere() throws Exception {
        assertThat(terminal("alive", "--quiet", "-o", spans(), "--", "sleep", "1.7"))
                .isEmpty();
        assertThat(terminal("alive", "--format", "text", "--", "sleep", "1.7"))
                .startsWith("type=process")
                .doesNotContain("alive");
        assertThat(terminal("alive", "--format", "text", "-o", "/dev/tty", "--", "sleep", "1.7"))
                .startsWith("type=process")
                .doesNotContain("alive");
    }

    @Test
    void shouldDrawTheTreeOnATerminalByDefault() throws Exception {
        assertThat(terminal("alive", "--quiet", "--", "sleep", "0.1"))
                .contains("sleep")
                .contains("1 process, 0 connections, trace ")
                .doesNotContain("type=process");
    }

    @Test
    void shouldShowNoneInAPipe() throws Exception {
        Result result = Invocation.run("-o", spans(), "--", "sh", "-c", "sleep 1.7");
        assertThat(result).isEqualTo(new Result(0, "", ""));
    }

    @Test
    void shouldWriteAReportAndAPerfettoTrace() throws Exception {
        Path report = directory.resolve("report.html");
        Path perfetto = directory.resolve("trace.json");
        assertThat(Invocation.run("--format", "html", "-o", report.toString(), "--", "sh", "-c", "ls / | wc -l"))
                .returns(0, Result::status)
                .returns("", Result::err);
        assertThat(Files.readString(report))
                .startsWith("<!doctype html>")
                .contains("\"name\":\"wc\"")
                .endsWith("</html>\n");

        assertThat(Invocation.run("--format", "perfetto", "-o", perfetto.toString(), "--", "sh", "-c", "ls / | wc -l"))
                .returns(0, Result::status)
                .returns("", Result::err);
        assertThat(Invocation.filter(
                        Files.readString(perfetto),
                        "jq",
                        "-c",
                        "[.traceEvents[] | select(.ph == \"X\" and .cat == \"process\") | .name]"))
                .isEqualTo("[\"sh\",\"ls\",\"wc\"]\n");
    }

    private String spans() {
        return directory.resolve("spans").toString();
    }

    /** Runs the command on a pseudo-terminal and returns the output. Enter is pressed once {@code awaited} appears. */
    private static String terminal(String awaited, String... args) throws Exception {
        List<String> python = new ArrayList<>(List.of("python3", "-c", """
                import os, pty, sys
                child, master = pty.fork()
                if child == 0:
                    os.environ['TERM'] = 'xterm'
                    os.execvp(sys.argv[2], sys.argv[2:])
                seen = b''
                pressed = False
                try:
                    while data := os.read(master, 65536):
                        seen += data
                        if not pressed and sys.argv[1].encode() in seen:
                            os.write(master, b'\\n')
                            pressed = True
                except OSError:
                    pass
                sys.stdout.buffer.write(seen)
                sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
                """, awaited));
        python.addAll(Invocation.commandLine(args));
        Result result = Invocation.start(new ProcessBuilder(python)).result();
        assertThat(result.status()).as(result.err()).isZero();
        return result.out();
    }
}
