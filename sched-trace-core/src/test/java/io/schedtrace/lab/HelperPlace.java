package io.schedtrace.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.bpf.Helper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A mount namespace in which the helper may be installed at its path, while this machine stays as it is. Needs root. JVMs and
 * programs run in it as root or as the user nobody.
 */
public final class HelperPlace implements AutoCloseable {
    private static final String NOBODY = "65534";
    private static final Path LIBEXEC = Path.of("/usr/local/libexec");

    private final Process holder;
    private final boolean made;
    private final Path temporary = TestPrograms.directory();

    /** @param options of mount(8) for the file system that the helper comes to lie on */
    public HelperPlace(String options) throws IOException {
        made = !Files.exists(LIBEXEC);
        Files.createDirectories(LIBEXEC);
        Files.setAttribute(temporary, "unix:mode", 01777);
        holder = new ProcessBuilder(
                        "unshare",
                        "-m",
                        "sh",
                        "-c",
                        "mount -t tmpfs -o \"$1\",mode=755 none \"$0\" && echo ready && exec sleep 1000",
                        LIBEXEC.toString(),
                        options)
                .redirectErrorStream(true)
                .start();
        String line =
                new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8)).readLine();
        assertThat(line).isEqualTo("ready");
    }

    private String[] inside(String... command) {
        List<String> all = new ArrayList<>(List.of("nsenter", "-t", "" + holder.pid(), "-m", "--"));
        all.addAll(List.of(command));
        return all.toArray(String[]::new);
    }

    /** Runs a script as root, which must succeed. */
    public String root(String script, String... arguments) {
        TestPrograms.Result result = run(arguments, "sh", "-c", script);
        assertThat(result.status()).as(result.text()).isZero();
        return result.text();
    }

    /** Runs a program as nobody. */
    public TestPrograms.Result nobody(String... command) {
        return run(command, "env", "-C", "/", "setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
    }

    private TestPrograms.Result run(String[] last, String... first) {
        List<String> command = new ArrayList<>(List.of(inside(first)));
        command.addAll(List.of(last));
        return TestPrograms.run(new ProcessBuilder(command));
    }

    public ChildJvm rootJvm() {
        return new ChildJvm().under(inside());
    }

    /** A JVM of the user nobody; {@code under} runs it, as nobody too. */
    public ChildJvm nobodyJvm(String... under) throws IOException, InterruptedException {
        return new ChildJvm()
                .readableByAll()
                .option("-Djava.io.tmpdir=" + temporary)
                .under(inside("env", "-C", "/", "setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"))
                .under(under);
    }

    /** Runs {@code sched-trace} as root. */
    public TestPrograms.Result command(String... arguments) throws ClassNotFoundException {
        return rootJvm().run(Class.forName("io.schedtrace.cli.SchedTrace"), arguments);
    }

    /** Installs the helper as a user does. */
    public HelperPlace installed() throws ClassNotFoundException {
        TestPrograms.Result result = command("setup");
        assertThat(result.status()).as(result.text()).isZero();
        return this;
    }

    /** Puts a script in the place of the helper, with its owner, mode and capabilities. */
    public void fake(String script) throws IOException {
        Path file = Files.writeString(temporary.resolve("fake"), script);
        root(
                "mkdir -p \"${1%/*}\" && cp \"$0\" \"$1\" && chmod 755 \"$1\" && setcap cap_bpf,cap_perfmon+ep \"$1\"",
                file.toString(), Helper.PATH.toString());
    }

    /** A directory that every user may write to. */
    public Path temporary() {
        return temporary;
    }

    @Override
    public void close() throws IOException {
        holder.destroy();
        holder.onExit().join();
        if (made) {
            Files.deleteIfExists(LIBEXEC);
        }
    }
}
