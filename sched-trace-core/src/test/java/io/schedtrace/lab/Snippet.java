package io.schedtrace.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.ProcessTreeTracer;
import io.schedtrace.model.Trace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A program that runs under trace, in Python unless it is given as a command. Each line that it prints, a name and a
 * value, is a fact to compare the trace with; {@code wait()} in the program waits for {@link #proceed}.
 */
public final class Snippet implements AutoCloseable {
    private static final Duration LONGEST = Patience.seconds(60);

    private static final String PRELUDE = """
            import os, signal, socket, struct, sys, time, threading
            def say(name, *values): print(name, *values, flush=True)
            def wait(): sys.stdin.readline()
            def text(address): return address[0].replace('::ffff:', '') + ' ' + str(address[1])
            def ends(name, s): say(name + '.local', text(s.getsockname())); say(name + '.peer', text(s.getpeername()))
            def listen(host='127.0.0.1', port=0):
                return socket.create_server((host, port), backlog=1024,
                    family=socket.AF_INET6 if ':' in host else socket.AF_INET, dualstack_ipv6=host == '::')
            def port(s): return s.getsockname()[1]
            def connect(to, host='127.0.0.1'): return socket.create_connection((host, to))
            def pair(): ls = listen(); c = connect(port(ls)); s = ls.accept()[0]; ls.close(); return c, s
            def abort(s): s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0)); s.close()
            def drain(s):
                n = 0
                while True:
                    part = s.recv(1 << 20)
                    if not part: return n
                    n += len(part)
            def child(work, *args):
                pid = os.fork()
                if pid == 0:
                    try: work(*args); os._exit(0)
                    except BaseException as e: print(e, file=sys.stderr, flush=True); os._exit(1)
                return pid
            def join(pid): assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
            def nft(what): import subprocess; subprocess.run(['nft', what], check=True)
            def handled(call, *args):
                try: call(*args); say('error', 'none')
                except OSError as e: import errno; say('error', errno.errorcode[e.errno])
            """;

    private final ProcessTreeTracer tracer;
    private final Process process;
    private final BufferedReader output;
    private final Map<String, String> facts = new TreeMap<>();

    private Snippet(Duration linger, List<String> command) throws IOException {
        tracer = ProcessTreeTracer.builder().linger(linger).killOnClose(true).open();
        try {
            process = tracer.start(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT));
        } catch (IOException | RuntimeException e) {
            tracer.close();
            throw e;
        }
        output = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts a Python program with these {@code sys.argv[1:]}. */
    public static Snippet python(String program, Object... arguments) throws IOException {
        return command(pythonCommand(program, arguments));
    }

    /** Starts any command. */
    public static Snippet command(List<String> command) throws IOException {
        return new Snippet(Patience.seconds(20), command);
    }

    /** Starts any command, with a linger time for connections that the peer does not end. */
    public static Snippet command(Duration linger, List<String> command) throws IOException {
        return new Snippet(linger, command);
    }

    /** The command line of a Python program, to be put behind a prefix. */
    public static List<String> pythonCommand(String program, Object... arguments) {
        List<String> command = new ArrayList<>(List.of("/usr/bin/python3", "-I", "-c", PRELUDE + program));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return command;
    }

    /** Runs a Python program to its end, which must be a good one. */
    public static Observed observe(String program, Object... arguments) throws IOException, InterruptedException {
        try (Snippet snippet = python(program, arguments)) {
            return snippet.finish();
        }
    }

    public Process process() {
        return process;
    }

    public Trace trace() {
        return tracer.trace();
    }

    public ProcessTreeTracer tracer() {
        return tracer;
    }

    /** The value of a fact that the program has told or is about to tell. */
    public String fact(String name) throws IOException {
        while (!facts.containsKey(name)) {
            String line = output.readLine();
            assertThat(line).as("the program ended without the fact %s", name).isNotNull();
            String[] parts = line.split(" ", 2);
            facts.put(parts[0], parts.length == 1 ? "" : parts[1]);
        }
        return facts.get(name);
    }

    /** Ends one {@code wait()} of the program. */
    public void proceed() throws IOException {
        OutputStream input = process.getOutputStream();
        input.write('\n');
        input.flush();
    }

    /** Waits for the end of the tree. */
    public Observed finish() throws IOException, InterruptedException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            String[] parts = line.split(" ", 2);
            facts.put(parts[0], parts.length == 1 ? "" : parts[1]);
        }
        assertThat(process.waitFor()).as("exit code of the program").isZero();
        return new Observed(tracer.awaitTree(LONGEST), facts);
    }

    @Override
    public void close() {
        tracer.close();
    }
}
