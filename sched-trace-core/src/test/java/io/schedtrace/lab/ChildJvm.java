package io.schedtrace.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A JVM of its own that runs a test program, with what a test wants to be different. */
public final class ChildJvm {
    private final List<String> prefix = new ArrayList<>();
    private final List<String> options = new ArrayList<>();
    private String classPath = System.getProperty("java.class.path");
    private String nativeAccess = "--enable-native-access=ALL-UNNAMED";

    /** A command that runs the JVM as its argument, such as {@code setpriv}. */
    public ChildJvm under(String... command) {
        prefix.addAll(List.of(command));
        return this;
    }

    public ChildJvm option(String option) {
        options.add(option);
        return this;
    }

    /** Forbids native libraries, which a JVM can since JDK 24. */
    public ChildJvm withoutNativeAccess() {
        nativeAccess = "--illegal-native-access=deny";
        return this;
    }

    /** Takes copies of all classes, since another user may not read where they are. */
    public ChildJvm readableByAll() {
        classPath = Copies.CLASS_PATH;
        return this;
    }

    /** One for all: they take 100 MB. */
    private static final class Copies {
        static final String CLASS_PATH = copied();

        private static String copied() {
            Path copies = TestPrograms.directory();
            List<String> paths = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                    .filter(path -> !path.contains("duckdb"))
                    .map(path -> Path.of(path).toAbsolutePath().toString())
                    .filter(path -> Files.exists(Path.of(path)))
                    .toList();
            List<String> copy = new ArrayList<>(List.of("cp", "-rL", "--parents", "-t", copies.toString()));
            copy.addAll(paths);
            TestPrograms.Result copied = TestPrograms.run(new ProcessBuilder(copy));
            assertThat(copied.status()).as(copied.text()).isZero();
            TestPrograms.run(new ProcessBuilder("chmod", "-R", "a+rX", copies.toString()));
            return paths.stream().map(path -> copies + path).collect(Collectors.joining(File.pathSeparator));
        }
    }

    public ProcessBuilder builder(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xcheck:jni"));
        if (Runtime.version().feature() >= 24) {
            command.addAll(List.of(nativeAccess, "--sun-misc-unsafe-memory-access=allow"));
        }
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true);
    }

    /** Runs it to its end. */
    public TestPrograms.Result run(Class<?> main, String... arguments) {
        TestPrograms.Result result = TestPrograms.run(builder(main, arguments));
        assertThat(result.text()).as("of -Xcheck:jni").doesNotContain("in native method");
        return result;
    }

    /** Runs it to its end, which must be a success, and returns what it printed. */
    public List<String> lines(Class<?> main, String... arguments) {
        TestPrograms.Result result = run(main, arguments);
        assertThat(result.status()).as(result.text()).isZero();
        return result.text().lines().toList();
    }

    /** Starts it, and waits until it has printed {@code line}. */
    public Process awaitLine(String line, Class<?> main, String... arguments) throws IOException {
        Process process = builder(main, arguments).start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        List<String> before = new ArrayList<>();
        for (String read = out.readLine(); ; read = out.readLine()) {
            if (line.equals(read)) {
                return process;
            }
            before.add(String.valueOf(read));
            assertThat(read).as(() -> String.join("\n", before)).isNotNull();
        }
    }

    /** The BPF programs, maps and links that a process holds open, as {@code prog 12}. */
    public static List<String> bpfObjects(long pid) {
        try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fdinfo"))) {
            return files.flatMap(ChildJvm::bpfObject).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> bpfObject(Path fdinfo) {
        try {
            return Files.readAllLines(fdinfo).stream()
                    .filter(line -> line.matches("(prog|map|link)_id:\\s*\\d+"))
                    .map(line -> line.replaceFirst("_id:\\s*", " "));
        } catch (IOException e) {
            return Stream.of();
        }
    }

    /** Whether the kernel still has a BPF object, by {@code bpftool}. */
    public static boolean inKernel(String object) {
        String[] kindAndId = object.split(" ", -1);
        String path = Stream.of("/usr/sbin/bpftool", "/usr/bin/bpftool", "/usr/local/sbin/bpftool")
                .filter(bpftool -> Files.isExecutable(Path.of(bpftool)))
                .collect(Collectors.joining(" "));
        return TestPrograms.run(new ProcessBuilder(path.split(" ", -1)[0], kindAndId[0], "show", "id", kindAndId[1]))
                        .status()
                == 0;
    }

    public static boolean awaitEnd(ProcessHandle process) throws InterruptedException {
        for (int i = 0; i < 600 && process.isAlive(); i++) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
        return !process.isAlive();
    }
}
