package io.schedtrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.schedtrace.Tracing;
import io.schedtrace.model.Availability;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A run of the command, as a shell would start it, without a terminal. */
final class Invocation {
    private static final long TIMEOUT_SECONDS = 60;

    private final Process process;
    private final CompletableFuture<String> err;

    private Invocation(Process process) {
        this.process = process;
        this.err = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
    }

    /** The exit status and the output of a run. */
    record Result(int status, String out, String err) {
        List<String> errLines() {
            return err.lines().toList();
        }
    }

    /** Skips the test if this machine cannot trace; fails it if {@code SCHED_TRACE_REQUIRE=1} says that it must. */
    static void requireTracing() {
        Availability availability = Tracing.availability();
        if (!"1".equals(System.getenv("SCHED_TRACE_REQUIRE"))) {
            assumeThat(availability.available()).as(availability.message()).isTrue();
        }
        assertThat(availability.available()).as(availability.message()).isTrue();
    }

    /** The command line of {@code sched-trace args...}. */
    static List<String> commandLine(String... args) throws IOException {
        return Installed.instance().commandLine(args);
    }

    /** Starts {@code sched-trace args...} in a new session, without a controlling terminal. */
    static Invocation start(String... args) throws IOException {
        List<String> command = commandLine(args);
        command.add(0, "setsid");
        return start(new ProcessBuilder(command));
    }

    /** Runs {@code sched-trace args...} to its end with {@code directory} on the class path. */
    static Result runWith(Path directory, String... args) throws IOException, InterruptedException {
        Installed installed = Installed.in(directory.resolve("installed"), directory);
        return start(new ProcessBuilder(installed.commandLine(args))).result();
    }

    static Invocation start(ProcessBuilder builder) throws IOException {
        builder.environment().put("LC_ALL", "C.UTF-8");
        return new Invocation(builder.start());
    }

    /** Runs {@code sched-trace args...} to its end. */
    static Result run(String... args) throws IOException, InterruptedException {
        return start(args).result();
    }

    /** Writes the stdin of the command, and closes it. */
    Invocation type(String text) throws IOException {
        process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        return this;
    }

    /** Waits for a line on the stdout of the command. */
    Invocation awaitLine(String line) throws IOException {
        StringBuilder read = new StringBuilder();
        InputStream out = process.getInputStream();
        for (int c = out.read(); c >= 0 && c != '\n'; c = out.read()) {
            read.append((char) c);
        }
        assertThat(read).hasToString(line);
        return this;
    }

    /** Sends a signal to the launcher only. */
    Invocation signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("sh", "-c", "kill -s \"$0\" \"$1\"", name, Long.toString(process.pid()))
                .inheritIO()
                .start();
        assertThat(kill.waitFor()).isZero();
        return this;
    }

    /** Closes the reader of the run's stderr. */
    Invocation closeErr() throws IOException {
        process.getErrorStream().close();
        return this;
    }

    Result result() throws InterruptedException {
        String out = text(process.getInputStream());
        assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), out, err.join());
    }

    /** Like {@link #result}, after {@link #closeErr}. */
    Result resultWithoutErr() throws InterruptedException {
        String out = text(process.getInputStream());
        assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), out, "");
    }

    /** Runs a tool with {@code input} on its stdin and returns its stdout. Fails the test if the tool fails. */
    static String filter(String input, String... command) throws IOException, InterruptedException {
        Process tool = new ProcessBuilder(command).start();
        Result result = new Invocation(tool).type(input).result();
        assertThat(result.status()).as(result.err()).isZero();
        return result.out();
    }

    private static String text(InputStream in) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            StringBuilder text = new StringBuilder();
            char[] buffer = new char[8192];
            for (int n = reader.read(buffer); n >= 0; n = reader.read(buffer)) {
                text.append(buffer, 0, n);
            }
            return text.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
