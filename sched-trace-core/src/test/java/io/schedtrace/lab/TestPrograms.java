package io.schedtrace.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The C programs under {@code src/test/c}, compiled when they are first needed, and where tests may put files. */
public final class TestPrograms {
    private static final Path SOURCES = Path.of(System.getProperty("basedir", ""), "src/test/c");
    private static final Map<String, Path> BUILT = new ConcurrentHashMap<>();

    private TestPrograms() {}

    /** The compiled {@code src/test/c/name.c}; any user may run it. */
    public static Path program(String name, String... options) {
        return BUILT.computeIfAbsent(name, key -> {
            Path program = directory().resolve(key);
            List<String> gcc = new ArrayList<>(List.of("gcc", "-O1", "-Wall", "-Wextra", "-Werror", "-pthread"));
            gcc.addAll(List.of(options));
            gcc.addAll(List.of(SOURCES.resolve(key + ".c").toString(), "-o", program.toString()));
            Result result = run(new ProcessBuilder(gcc));
            assertThat(result.status()).as(result.text()).isZero();
            return program;
        });
    }

    public static String shapes() {
        return program("shapes").toString();
    }

    public static String execs() {
        return program("execs").toString();
    }

    public static String storm() {
        return program("storm").toString();
    }

    /** What a program came to, and what it wrote. */
    public record Result(int status, String text) {}

    /** Runs a program outside any trace, with both outputs together. */
    public static Result run(ProcessBuilder builder) {
        try {
            Process process = builder.redirectErrorStream(true).start();
            process.getOutputStream().close();
            byte[] text = process.getInputStream().readAllBytes();
            assertThat(process.waitFor(Patience.seconds(60).toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            return new Result(process.exitValue(), new String(text, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A new directory that any user may read; it goes with the JVM. */
    public static Path directory() {
        try {
            Path directory = Files.createTempDirectory("sched-trace-it-");
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A copy of a file, with its permissions. */
    public static Path copy(String from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        return Files.copy(Path.of(from), to, StandardCopyOption.COPY_ATTRIBUTES);
    }

    private static void delete(Path directory) {
        run(new ProcessBuilder("rm", "-rf", "--one-file-system", directory.toString()));
    }
}
