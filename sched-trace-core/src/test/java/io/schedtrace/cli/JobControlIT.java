package io.schedtrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.cli.Invocation.Result;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as a job of an interactive shell, and as the leader of a session, on a pseudo-terminal. */
class JobControlIT {
    /** Counts its signals in the file {@code got}, and lives until it has got SIGUSR1 or 20 s have passed. */
    private static final String COUNTER = """
            import os, signal, sys, time
            counts = {}
            def count(number, frame):
                counts[number] = counts.get(number, 0) + 1
                open('got.new', 'w').write(str(sorted(counts.items())))
                os.rename('got.new', 'got')
            for number in map(int, sys.argv[1:]):
                signal.signal(number, count)
            open('ready', 'w').write(str(os.getpid()))
            deadline = time.monotonic() + 20
            while 10 not in counts and time.monotonic() < deadline:
                time.sleep(0.01)
            """;

    @TempDir
    private Path directory;

    @BeforeAll
    static void needTracing() {
        Invocation.requireTracing();
    }

    /** Runs a Python script that has a shell on a terminal: what it gets with {@code line} is sched-trace. */
    private String play(boolean shell, String script) throws Exception {
        List<String> python = new ArrayList<>(List.of("env", "--default-signal", "python3", "-c", """
                import os, pty, re, select, signal, sys, time
                line = sys.argv[1:]
                signal.pthread_sigmask(signal.SIG_SETMASK, [])
                open('counter.py', 'w').write('''%s''')
                def eventually(condition, what):
                    deadline = time.monotonic() + 20
                    while not condition():
                        assert time.monotonic() < deadline, what + ' in ' + repr(seen)
                        read()
                def read():
                    global seen
                    if select.select([master], [], [], 0.02)[0]:
                        try:
                            seen += os.read(master, 65536).decode(errors='replace')
                        except OSError:
                            pass
                def content(file):
                    return os.path.exists(file) and open(file).read()
                def type(text):
                    os.write(master, text.encode())
                def shows(text):
                    global seen
                    eventually(lambda: text in seen, repr(text))
                    seen = seen.split(text, 1)[1]
                def has(file, text=''):
                    eventually(lambda: content(file) is not False and text in content(file), file + ' ' + text)
                def state():
                    return re.search(r'State:\\s+(\\S)', open('/proc/%%s/status' %% content('ready')).read()).group(1)
                seen = ''
                child, master = pty.fork()
                if child == 0:
                    os.environ.update(PS1='$ ', TERM='dumb')
                    %s
                %s
                """.formatted(
                        COUNTER,
                        shell
                                ? "os.execvp('bash', ['bash', '--norc', '--noprofile', '-i'])"
                                : "os.execvp(line[0], line + ['python3', 'counter.py', '1', '18', '10'])",
                        script)));
        python.addAll(
                Invocation.commandLine("-q", "-o", directory.resolve("spans").toString(), "--"));
        Result result = Invocation.start(new ProcessBuilder(python).directory(directory.toFile()))
                .result();
        assertThat(result.status()).as(result.err()).isZero();
        return result.out();
    }

    @Test
    void shouldStopAndContinueWithTheCommand() throws Exception {
        assertThat(play(true, """
                        type(' '.join(line) + ' python3 counter.py 10\\n')
                        has('ready')
                        type('\\x1a')
                        shows('Stopped')
                        assert state() == 'T'
                        type('bg\\n')
                        eventually(lambda: state() == 'S', 'running')
                        type('fg\\n')
                        shows('fg')
                        shows('counter.py')
                        # bash prints the job before it gives it the terminal, and ignores Ctrl-Z itself.
                        eventually(lambda: os.tcgetpgrp(master) == os.getpgid(int(content('ready'))), 'foreground')
                        type('\\x1a')
                        shows('Stopped')
                        type('fg; echo status=$?\\n')
                        eventually(lambda: state() == 'S', 'running')
                        os.kill(int(content('ready')), 10)
                        shows('status=0')
                        type('exit\\n')
                        os.waitpid(child, 0)
                        """)).isEmpty();
    }

    @Test
    void shouldEndByTheKeysOfTheTerminal() throws Exception {
        assertThat(play(true, """
                        type('ulimit -c 0\\n')
                        for key, status in (('\\x1c', 131), ('\\x03', 130)):
                            type(' '.join(line) + ' python3 counter.py 10; echo status=$?\\n')
                            has('ready')
                            type(key)
                            shows('status=%d' % status if key == '\\x1c' else 'KeyboardInterrupt')
                            os.remove('ready')
                        type('exit\\n')
                        os.waitpid(child, 0)
                        print('dump' if 'Full thread dump' in seen else '', end='')
                        """)).isEmpty();
    }

    @Test
    void shouldGetASignalOfTheTerminalOnce() throws Exception {
        assertThat(play(true, """
                        type(' '.join(line) + ' python3 counter.py 2 3 10 20; echo status=$?\\n')
                        has('ready')
                        for number, key in ((2, '\\x03'), (3, '\\x1c'), (20, '\\x1a')):
                            type(key)
                            has('got', '(%d, 1)' % number)
                        time.sleep(0.3)
                        os.kill(int(content('ready')), 10)
                        shows('status=0')
                        print(content('got'), end='')
                        type('exit\\n')
                        os.waitpid(child, 0)
                        """)).isEqualTo("[(2, 1), (3, 1), (10, 1), (20, 1)]");
    }

    @Test
    void shouldTellTheCommandThatTheTerminalHasGone() throws Exception {
        assertThat(play(false, """
                        has('ready')
                        os.close(master)
                        deadline = time.monotonic() + 20
                        while not content('got') or '(1, 1)' not in content('got'):
                            assert time.monotonic() < deadline, content('got')
                            time.sleep(0.01)
                        time.sleep(0.3)
                        os.kill(int(content('ready')), 10)
                        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
                        print(content('got'), end='')
                        """)).isEqualTo("[(1, 1), (10, 1), (18, 1)]");
    }
}
