package io.schedtrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.cli.Invocation.Result;
import io.schedtrace.export.SlowestFormat;
import io.schedtrace.export.TraceFormat;
import io.schedtrace.lab.Providers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command in its own JVM, on the real kernel. */
class SchedTraceIT {
    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{9}Z";

    @TempDir
    private Path directory;

    @BeforeAll
    static void needTracing() {
        Invocation.requireTracing();
    }

    @Test
    void shouldLeaveTheCommandItsStreams() throws Exception {
        Path spans = directory.resolve("spans");

        Result result = Invocation.start("-o", spans.toString(), "sh", "-c", "cat; echo to stderr >&2")
                .type("typed\nlines, grüße")
                .result();

        assertThat(result).isEqualTo(new Result(0, "typed\nlines, grüße", "to stderr\n"));
        assertThat(Files.readAllLines(spans)).hasSize(2).allMatch(line -> line.startsWith("type=process "));
    }

    @Test
    void shouldWriteTextToStderr() throws Exception {
        Result result = Invocation.run("--parent-id", "00f067aa0ba902b7", "--", "sh", "-c", "ls / | wc -l");

        assertThat(result.status()).isZero();
        assertThat(result.out().strip()).containsOnlyDigits();
        assertThat(result.errLines())
                .hasSize(3)
                .allMatch(
                        line -> line.matches(
                                "type=process pid=\\d+ ppid=\\d+ uid=\\d+ comm=(sh|ls|wc) start_time="
                                        + TIME
                                        + " end_time=" + TIME
                                        + " duration=\\d+ns span_id=[0-9a-f]{16} parent_span_id=[0-9a-f]{16}"
                                        + " trace_id=[0-9a-f]{32} exit_code=0 cpu_time=\\d+ns max_rss=\\d+ exe=/\\S+ args=\"(ls|wc|sh) .+\""))
                .last()
                .asString()
                .contains(" comm=sh ", " parent_span_id=00f067aa0ba902b7 ");
    }

    @Test
    void shouldWriteJsonThatJqReads() throws Exception {
        String id = "0123456789abcdef0123456789abcdef";
        Result result = Invocation.run("--trace-id", id, "--format", "json", "--", "sh", "-c", "ls / | wc -l; exit 3");

        assertThat(result.status()).isEqualTo(3);
        String checked = Invocation.filter(result.err(), "jq", "-cs", """
                ([.[] | select(.type == "process")] | sort_by(.start_time)) as $p
                | [ ($p | map([.args[0], .exit_code, .complete, (.parent_span_id == $p[0].span_id)])),
                    (map(.trace_id) | unique),
                    (.[-1] | [.type, .processes, .connections, .lost, .truncated]) ]""");
        assertThat(checked.strip())
                .isEqualTo("[[[\"sh\",3,true,false],[\"ls\",0,true,true],[\"wc\",0,true,true]],[\"" + id
                        + "\"],[\"trace\",3,0,0,0]]");
    }

    @Test
    void shouldDrawATreeWithoutColoursIntoAPipe() throws Exception {
        Result result = Invocation.run("--format", "tree", "sh", "-c", "ls / | wc -l; exit 3");
        assertThat(result.err()).matches("""
                        sh -c 'ls / \\| wc -l; exit 3'  \\[\\d+] \\S+ [mµ]?s  ✗ exit 3
                        ├─ ls /  \\[\\d+] \\S+ [mµ]?s
                        └─ wc -l  \\[\\d+] \\S+ [mµ]?s
                        3 processes, 0 connections, trace [0-9a-f]{32}
                        """);
    }

    @Test
    void shouldWriteTheFormatOfAProvider() throws Exception {
        Providers.register(directory, TraceFormat.class, "com.example.Missing", SlowestFormat.class.getName());

        Result result =
                Invocation.runWith(directory, "--format", "slowest", "--name", "nightly", "sh", "-c", "ls / | wc -l");

        assertThat(result.status()).isZero();
        assertThat(result.errLines())
                .hasSize(5)
                .startsWith(
                        "sched-trace: an output format is ignored: io.schedtrace.export.TraceFormat: Provider"
                                + " com.example.Missing not found",
                        "nightly")
                .element(2)
                .asString()
                .matches("\\d+ ms  sh -c 'ls / \\| wc -l'");
    }

    @Test
    void shouldWriteBothEndsOfAConnection() throws Exception {
        Result result = Invocation.run("--format", "json", "--", "python3", "-c", """
                import os, socket
                server = socket.create_server(('127.0.0.1', 0))
                if os.fork() == 0:
                    client = socket.create_connection(server.getsockname())
                    client.sendall(b'hello')
                    client.recv(1)
                    os._exit(0)
                peer = server.accept()[0]
                peer.recv(5)
                peer.close()
                os.wait()
                """);
        assertThat(Invocation.filter(result.err(), "jq", "-cs", """
                        map(select(.type == "tcp") | [.role, .family, .dest_ip, .bytes_sent, .bytes_received])
                        | sort""").strip())
                .isEqualTo("[[\"client\",\"ipv4\",\"127.0.0.1\",5,0],[\"server\",\"ipv4\",\"127.0.0.1\",0,5]]");
    }

    /** The command line does not contain the name: only getaddrinfo, or a hosts file, yields it. */
    @ParameterizedTest
    @CsvSource({"--getaddrinfo, localhost getaddrinfo", "--dns, not getaddrinfo"})
    void shouldFollowLookupsOnlyIfAsked(String option, String expected) throws Exception {
        Result result = Invocation.run(option, "--format", "json", "--", "python3", "-c", """
                import socket
                server = socket.create_server(('127.0.0.1', 0))
                socket.create_connection(('tsohlacol'[::-1], server.getsockname()[1])).close()
                """);
        assertThat(result.status()).isZero();
        assertThat(Invocation.filter(result.err(), "jq", "-rs", """
                        map(select(.role == "client"))[0].dest_hosts[0]
                        | if .origin == "getaddrinfo" then .name + " " + .origin else "not getaddrinfo" end""").strip()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 125, 127, 255})
    void shouldExitWithTheStatusOfTheCommand(int status) throws Exception {
        assertThat(Invocation.run("--", "sh", "-c", "exit " + status).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"KILL, 137", "TERM, 143", "SEGV, 139", "INT, 130"})
    void shouldExitWith128PlusTheSignalOfTheCommand(String signal, int status) throws Exception {
        Result result = Invocation.run("--", "sh", "-c", "kill -s " + signal + " $$");
        assertThat(result.status()).isEqualTo(status);
        assertThat(result.err()).contains(" signal=SIG" + signal + " ");
    }

    @ParameterizedTest
    @CsvSource({
        "no-such-command-anywhere, 127, command not found",
        "./no-such-file, 127, command not found",
        "/etc/passwd, 126, Permission denied",
        "/, 126, Permission denied",
    })
    void shouldSayAsAShellWhyTheCommandCannotBeRun(String command, int status, String why) throws Exception {
        Result result = Invocation.run(command);
        assertThat(result).isEqualTo(new Result(status, "", "sched-trace: " + command + ": " + why + "\n"));
    }

    @Test
    void shouldStartNothingWithoutTheCapability() throws Exception {
        Path mark = directory.resolve("started");
        List<String> command = Invocation.commandLine("touch", mark.toString());
        command.addAll(0, List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all", "--securebits=+noroot"));

        Result result = Invocation.start(new ProcessBuilder(command)).result();

        assertThat(result.status()).isEqualTo(125);
        assertThat(result.out()).isEmpty();
        assertThat(result.errLines())
                .singleElement()
                .asString()
                .startsWith("sched-trace: ")
                .contains("CAP_BPF");
        assertThat(mark).doesNotExist();
    }

    @Test
    void shouldRefuseABadTraceIdBeforeAnythingStarts() throws Exception {
        Path mark = directory.resolve("started");
        Result result = Invocation.run("--trace-id", "xyz", "--", "touch", mark.toString());
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.errLines()).singleElement().asString().contains("32 hexadecimal digits");
        assertThat(mark).doesNotExist();
    }

    @Test
    void shouldPassArgumentsOnAsTheyAre() throws Exception {
        Result result =
                Invocation.run("--", "printf", "<%s>", "", " ", "--format", "@x", "grüße 😀", "a\nb", "$HOME", "*");
        assertThat(result.out()).isEqualTo("<>< ><--format><@x><grüße 😀><a\nb><$HOME><*>");
    }

    @Test
    void shouldPassOnArgumentsThatTheLocaleCannotRead() throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", "LC_ALL=C exec \"$0\" \"$@\" \"$(printf '\\377')\"");
        builder.command()
                .addAll(Invocation.commandLine(
                        "-o", "/dev/null", "sh", "-c", "printf %s \"$@\" | od -An -tx1", "sh", "ü"));
        assertThat(Invocation.start(builder).result()).isEqualTo(new Result(0, " c3 bc ff\n", ""));
    }

    @Test
    void shouldRefuseOptionsThatTheLocaleCannotRead() throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", "LC_ALL=C exec \"$0\" \"$@\"");
        builder.command().addAll(Invocation.commandLine("-o", directory + "/ü", "true"));
        Result result = Invocation.start(builder).result();
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains("option 2 cannot be read").contains("LC_ALL=C.UTF-8");
    }

    @Test
    void shouldNotMindThatNobodyReadsTheSpans() throws Exception {
        Result result = Invocation.start(
                        "--format",
                        "json",
                        "sh",
                        "-c",
                        "echo ready; read x; for i in 1 2 3; do /bin/true; done; exit 5")
                .awaitLine("ready")
                .closeErr()
                .type("go\n")
                .resultWithoutErr();
        assertThat(result.status()).isEqualTo(5);
    }

    @Test
    void shouldWriteToStdout() throws Exception {
        Result result = Invocation.run("--format", "tree", "-o", "-", "true");
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).startsWith("true  [").contains("1 process, 0 connections");
    }

    @Test
    void shouldSayOnceThatTheDiskIsFull() throws Exception {
        Result result = Invocation.run("-o", "/dev/full", "sh", "-c", "/bin/true; /bin/true; exit 6");
        assertThat(result.status()).isEqualTo(6);
        assertThat(result.errLines()).singleElement().asString().contains("No space left on device");
    }

    @Test
    void shouldWriteWhatOutlivesTheCommandAsRunning() throws Exception {
        Result result = Invocation.run("--format", "json", "sh", "-c", "sleep 30 >/dev/null 2>&1 & exit 4");
        assertThat(result.status()).isEqualTo(4);
        assertThat(Invocation.filter(result.err(), "jq", "-c", """
                        select(.args[0] == "sleep") | [.end_time, .exit_code, .complete], .pid""").lines())
                .first()
                .isEqualTo("[null,null,false]");
        Invocation.filter(result.err(), "sh", "-c", "kill $(jq 'select(.args[0] == \"sleep\") | .pid')");
    }

    @Test
    void shouldRunTheCommandAsAnotherUserAndKeepTracingIt() throws Exception {
        Result result = Invocation.run(
                "--format",
                "json",
                "--user",
                "nobody",
                "--",
                "sh",
                "-c",
                "id -un; id -G; echo $USER $LOGNAME $HOME;"
                        + " grep -E '^Cap(Inh|Prm|Eff|Amb)' /proc/self/status | cut -f2 | uniq");

        assertThat(result.status()).isZero();
        String home = Invocation.filter("", "sh", "-c", "getent passwd nobody | cut -d: -f6")
                .strip();
        String groups = Invocation.filter("", "id", "-G", "nobody");
        assertThat(result.out()).isEqualTo("nobody\n" + groups + "nobody nobody " + home + "\n0000000000000000\n");
        String uid = Invocation.filter("", "id", "-u", "nobody").strip();
        assertThat(Invocation.filter(result.err(), "jq", "-rs", """
                        map(select(.type == "process")) | sort_by(.start_time)[0]
                        | [.uid, .args[0], (.execs | map(.exe | sub(".*/"; "")) | join(" "))] | join(",")""").strip()).matches(uid + ",sh,(dash|bash|busybox)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no such user", ""})
    void shouldRefuseAUserThatDoesNotExist(String user) throws Exception {
        Path mark = directory.resolve("started");
        Result result = Invocation.run("--user", user, "--", "touch", mark.toString());
        assertThat(result)
                .isEqualTo(new Result(
                        2, "", "sched-trace: there is no user \"" + user + "\"; getent passwd lists them\n"));
        assertThat(mark).doesNotExist();
    }

    @Test
    void shouldSayWhichCommandAnotherUserCannotRun() throws Exception {
        Result result = Invocation.run("-o", "/dev/null", "--user", "nobody", "no-such-command-anywhere");
        assertThat(result.status()).isEqualTo(127);
        assertThat(result.err()).contains("no-such-command-anywhere");
    }
}
