package io.schedtrace.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A running daemon with a socket of its own. Needs root. JVMs use it as ordinary users. */
public final class DaemonPlace implements AutoCloseable {
    /** Runs a command with a seccomp filter that makes bpf(2) fail with EPERM: seccomp(2). */
    public static final String WITHOUT_BPF = """
            import ctypes, os, struct, sys
            bpf = 321 if os.uname().machine == 'x86_64' else 280
            code = ctypes.create_string_buffer(struct.pack('HBBI' * 4,
                0x20, 0, 0, 0, 0x15, 0, 1, bpf, 0x06, 0, 0, 0x50001, 0x06, 0, 0, 0x7fff0000))
            class Program(ctypes.Structure): _fields_ = [('length', ctypes.c_ushort), ('code', ctypes.c_void_p)]
            libc = ctypes.CDLL(None)
            assert libc.prctl(38, 1, 0, 0, 0) == 0
            assert libc.prctl(22, 2, ctypes.byref(Program(4, ctypes.addressof(code)))) == 0
            os.execvp(sys.argv[1], sys.argv[1:])
            """;

    private final Path temporary = TestPrograms.directory();
    private final Path socket = TestPrograms.directory().resolve("daemon.sock");
    private Process daemon;

    public DaemonPlace() throws IOException, InterruptedException, ClassNotFoundException {
        Files.setAttribute(temporary, "unix:mode", 01777);
        daemon = started();
    }

    private Process started() throws IOException, InterruptedException, ClassNotFoundException {
        Process process = new ChildJvm()
                .option("-Dio.schedtrace.daemon=" + socket)
                .awaitLine(
                        "listening at " + socket + "; Ctrl-C ends the daemon",
                        Class.forName("io.schedtrace.cli.SchedTrace"),
                        "daemon");
        while (!Files.readString(Path.of("/proc/" + process.pid() + "/comm")).startsWith("memfd:")) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        return process;
    }

    public Path socket() {
        return socket;
    }

    /** A directory that every user may write to. */
    public Path temporary() {
        return temporary;
    }

    /** The BPF objects that the daemon holds for its clients, as {@link ChildJvm#bpfObjects} has them. */
    public List<String> bpfObjects() {
        return daemon.children()
                .flatMap(child -> ChildJvm.bpfObjects(child.pid()).stream())
                .toList();
    }

    /** Ends the daemon as a crash would. */
    public void kill() {
        daemon.destroyForcibly().onExit().join();
    }

    public void startAgain() throws IOException, InterruptedException, ClassNotFoundException {
        daemon = started();
    }

    /** A JVM of that user; {@code under} runs it. */
    public ChildJvm jvm(int user, String... under) throws IOException, InterruptedException {
        return new ChildJvm()
                .readableByAll()
                .option("-Djava.io.tmpdir=" + temporary)
                .option("-Dio.schedtrace.daemon=" + socket)
                .under(as(user))
                .under(under);
    }

    /** A command that runs another one as that user. */
    public static String[] as(int user) {
        return new String[] {"env", "-C", "/", "setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups"};
    }

    @Override
    public void close() {
        kill();
    }
}
