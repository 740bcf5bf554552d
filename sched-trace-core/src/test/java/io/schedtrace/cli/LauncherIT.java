package io.schedtrace.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.cli.Invocation.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command is left as it would be without sched-trace. */
class LauncherIT {
    /** Prints everything that a program may inherit, without what differs from run to run. */
    private static final String FACTS = """
            import os, resource, signal, sys
            kept = ('Umask', 'Uid', 'Gid', 'Groups', 'NStgid', 'SigPnd', 'ShdPnd', 'SigBlk', 'SigIgn', 'SigCgt', 'Cap',
                    'NoNewPrivs', 'Seccomp', 'Cpus_allowed', 'Mems_allowed', 'TracerPid', 'CoreDumping', 'FDSize')
            for line in open('/proc/self/status'):
                if line.startswith(kept) and not line.startswith('NStgid'):
                    print(line, end='')
            print(open('/proc/self/limits').read())
            stat = open('/proc/self/stat').read().rsplit(')', 1)[1].split()
            print('group session tty foreground', stat[2:6], 'priority nice', stat[15:17], 'policy', stat[37:39])
            for fd in sorted(map(int, os.listdir('/proc/self/fd'))):
                try:
                    info = open('/proc/self/fdinfo/%d' % fd).read().split('mnt_id')[0]
                    print(fd, os.readlink('/proc/self/fd/%d' % fd), info)
                except OSError:
                    pass
            sys.stdout.flush()
            os.write(1, b'\\n'.join(v for v in open('/proc/self/environ', 'rb').read().split(b'\\0')
                     if not v.startswith((b'TRACEPARENT=', b'_='))))
            print(os.getcwd(), sys.argv[1:], os.sched_getaffinity(0), os.nice(0), signal.getitimer(signal.ITIMER_REAL))
            """;

    @TempDir
    private Path directory;

    @BeforeAll
    static void needTracing() {
        Invocation.requireTracing();
    }

    /** Runs {@code setting} and then a command, in one shell without and with sched-trace, and compares. */
    private void assertUnchanged(String setting, String command) throws Exception {
        String output = " >" + directory.resolve("facts") + " 2>&1; } & wait $!; mv facts ";
        assertThat(shell("{ " + setting + "; exec " + command + output + "bare; { " + setting + "; exec \"$0\" \"$@\" "
                        + command + output + "traced"))
                .isEqualTo(new Result(0, "", ""));
        String bare = Files.readString(directory.resolve("bare"), ISO_8859_1);
        assertThat(bare).contains("SigIgn", "Max open files", "a b", "PATH=");
        assertThat(Files.readString(directory.resolve("traced"), ISO_8859_1)).isEqualTo(bare);
    }

    /** Runs a script in bash, in which {@code "$0" "$@"} is sched-trace with its options. */
    private Result shell(String script) throws Exception {
        List<String> line = new ArrayList<>(List.of("env", "--default-signal", "setsid", "-w", "bash", "-c", script));
        line.addAll(
                Invocation.commandLine("-q", "-o", directory.resolve("spans").toString(), "--"));
        return Invocation.start(new ProcessBuilder(line).directory(directory.toFile()))
                .result();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":",
                "exec 0<&-",
                "exec 5<script 9>>more 63<script 200<script",
                "trap '' INT QUIT HUP TERM USR1 CHLD PIPE",
                "ulimit -Sn 99; ulimit -c 0; ulimit -s 4096",
                "umask 027; cd /; renice -n 5 $BASHPID >/dev/null",
                "export JAVA_TOOL_OPTIONS=-Xmx1m JDK_JAVA_OPTIONS=-nonsense CLASSPATH=x LD_LIBRARY_PATH=/nowhere",
                "export ODD=$'\\xff\\xfe' EMPTY= LC_ALL=C",
            })
    void shouldPassOnWhatAProgramInherits(String setting) throws Exception {
        Files.writeString(directory.resolve("script"), FACTS);
        assertUnchanged(setting, "python3 -S " + directory.resolve("script") + " 'a b' '' $'\\xff' '*'");
    }

    @Test
    void shouldPassOnBlockedSignals() throws Exception {
        String blocked =
                "import os, signal, sys; signal.pthread_sigmask(0, {2, 3, 10, 40}); os.execvp(sys.argv[1], sys.argv[1:])";
        Result bare = shell("exec python3 -c '" + blocked + "' grep SigBlk /proc/self/status");
        Result traced = shell("exec python3 -c '" + blocked + "' \"$0\" \"$@\" grep SigBlk /proc/self/status");
        assertThat(traced).isEqualTo(bare);
    }

    @Test
    void shouldKeepPipesAndLocksOfTheShell() throws Exception {
        assertThat(shell("\"$0\" \"$@\" cat <(echo hi)")).isEqualTo(new Result(0, "hi\n", ""));
        assertThat(shell("echo text >file; \"$0\" \"$@\" cat /dev/fd/5 5<file")).isEqualTo(new Result(0, "text\n", ""));
        // When the command closes the pipe, its reader sees the end, though sched-trace runs on.
        assertThat(shell("\"$0\" \"$@\" sh -c 'exec 1>&-; sleep 1; test -e seen' | { cat; touch seen; };"
                        + " echo ${PIPESTATUS[0]}"))
                .isEqualTo(new Result(0, "0\n", ""));
    }

    @Test
    void shouldWriteTheSpansIntoAPipeOfTheShell() throws Exception {
        Result result = shell("\"$0\" -q -o >(sed s/^/piped:/ >piped; touch done) -- true;"
                + " while [ ! -e done ]; do sleep 0.01; done; cat piped");
        assertThat(result.status()).isZero();
        assertThat(result.out()).startsWith("piped:type=process").contains(" comm=true ");
    }

    /** The command is in the trace from its start, though it has ended before the JVM is ready. */
    @Test
    void shouldTraceWhatEndsBeforeTheTracerIsReady() throws Exception {
        for (int i = 0; i < 5; i++) {
            Result result = shell("\"$0\" -q -o - --format tree -- sh -c '/bin/true; /bin/true'");
            assertThat(result.out()).startsWith("sh -c").contains("3 processes, 0 connections");
        }
    }

    @Test
    void shouldShareTheJobsOfMake() throws Exception {
        Files.writeString(
                directory.resolve("Makefile"),
                "all:\n\t+$(TRACE) $(MAKE) --no-print-directory sub\nsub: a b\na b:\n\t@echo $@ | cat\n");
        Result result = shell("make --no-print-directory -s -j4 TRACE=\"$0 $*\"");
        assertThat(result.err()).isEmpty();
        assertThat(result.out().lines()).containsExactlyInAnyOrder("a", "b");
    }

    /** Only the command sees what is meant for it: once, and not at all if it has got the signal itself. */
    @Test
    void shouldPassEverySignalOnOnce() throws Exception {
        Files.writeString(directory.resolve("count.py"), """
                import os, signal, sys, time
                counts = {}
                def count(number, frame):
                    counts[number] = counts.get(number, 0) + 1
                for number in range(1, 65):
                    if number not in (9, 19, 32, 33):
                        signal.signal(number, count)
                print('ready', flush=True)
                while signal.SIGUSR2 not in counts:
                    time.sleep(0.01)
                print(sorted((n, c) for n, c in counts.items() if n not in (12, 18)), flush=True)
                """);
        Files.writeString(directory.resolve("send.py"), """
                import os, signal, subprocess, sys, time
                way, line = sys.argv[1], sys.argv[2:]
                signal.pthread_sigmask(signal.SIG_SETMASK, [])
                child = subprocess.Popen(line, stdout=subprocess.PIPE, start_new_session=True, text=True)
                assert child.stdout.readline() == 'ready\\n'
                for number in range(1, 65):
                    if number not in (9, 12, 18, 19, 32, 33):
                        (os.kill if way == 'one' else os.killpg)(child.pid, number)
                        time.sleep(0.02)
                os.kill(child.pid, 12)
                print(child.stdout.read(), end='')
                sys.exit(child.wait())
                """);
        String command = " \"$0\" \"$@\" python3 count.py";
        Result bare = shell("exec python3 send.py one python3 count.py");
        assertThat(bare.status()).isZero();
        assertThat(shell("exec python3 send.py one" + command)).isEqualTo(bare);
        assertThat(shell("exec python3 send.py group" + command)).isEqualTo(bare);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 6, 9, 10, 11, 13, 14, 15, 31, 34, 64})
    void shouldDieOfTheSignalOfTheCommand(int number) throws Exception {
        String python =
                "python3 -c 'import signal, subprocess, sys; signal.pthread_sigmask(2, []); print(subprocess.call(sys.argv[1:]))' \"$0\" \"$@\"";
        Result result = shell("ulimit -c 0; " + python + " sh -c 'kill -" + number + " $$'");
        assertThat(result.out()).isEqualTo("-" + number + "\n");
        assertThat(Files.readString(directory.resolve("spans"))).contains(" signal=");
    }

    @Test
    void shouldLetTheCommandRunOnWhenTheTracerDies() throws Exception {
        Result result = shell("\"$0\" \"$@\" bash -c 'kill -9 $(pgrep -P $PPID java); sleep 0.3; echo on; exit 7'");
        assertThat(result.status()).isEqualTo(7);
        assertThat(result.out()).isEqualTo("on\n");
        assertThat(result.err())
                .isEqualTo("sched-trace: the tracer was ended by signal 9; spans are missing, and the command runs on"
                        + " untraced\n");
    }

    @Test
    void shouldRunAsTheCallerOfSudo() throws Exception {
        String uid = Invocation.filter("", "id", "-u", "nobody").strip();
        Result result = shell("SUDO_UID=" + uid + " \"$0\" \"$@\" id -un");
        assertThat(result)
                .isEqualTo(new Result(
                        0,
                        "nobody\n",
                        "sched-trace: the command runs as nobody, who has called sudo; --root runs it as root\n"));
        assertThat(shell("SUDO_UID=" + uid + " \"$0\" --root -q -o /dev/null -- id -un"))
                .isEqualTo(new Result(0, "root\n", ""));
    }
}
