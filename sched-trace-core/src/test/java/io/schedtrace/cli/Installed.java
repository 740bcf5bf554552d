package io.schedtrace.cli;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/** The command as it is installed (launch_jvm.h), with this JVM's runtime and class path. */
final class Installed {
    private static final Path NATIVE =
            Path.of(System.getProperty("basedir", "."), "../sched-trace-native/target/native");

    private static @Nullable Installed instance;

    private final Path root;

    private Installed(Path root) {
        this.root = root;
    }

    /** The one that tests share. */
    static synchronized Installed instance() throws IOException {
        if (instance == null) {
            Path root = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "installed");
            instance = in(root, null);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(root)));
        }
        return instance;
    }

    /**
     * Installs it.
     *
     * @param more a directory for the class path, or null
     */
    static Installed in(Path root, @Nullable Path more) throws IOException {
        Path lib = Files.createDirectories(root.resolve("lib"));
        Path launcher = Files.createDirectories(root.resolve("bin")).resolve("sched-trace");
        Files.copy(NATIVE.resolve("bin/" + platform() + "/sched-trace"), launcher, StandardCopyOption.COPY_ATTRIBUTES);
        Files.createSymbolicLink(root.resolve("runtime"), Path.of(System.getProperty("java.home")));
        Files.createSymbolicLink(
                lib.resolve("libschedtrace.so"),
                NATIVE.resolve("lib/" + platform() + "/libschedtrace.so").toRealPath());
        List<Path> classPath = new ArrayList<>();
        if (more != null) {
            classPath.add(more);
        }
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(Path::of)
                .filter(Files::exists)
                .forEach(classPath::add);
        for (int i = 0; i < classPath.size(); i++) {
            Path entry = classPath.get(i);
            Path jar = lib.resolve(i + ".jar");
            if (Files.isDirectory(entry)) {
                pack(entry, jar);
            } else {
                Files.createSymbolicLink(jar, entry.toAbsolutePath());
            }
        }
        return new Installed(root);
    }

    private static void remove(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String platform() {
        return "linux-" + (System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x86_64");
    }

    private static void pack(Path directory, Path jar) throws IOException {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(directory)) {
            out.setLevel(0);
            files.filter(Files::isRegularFile)
                    .filter(file -> !file.startsWith(jar.getParent()))
                    .forEach(file -> {
                        try {
                            out.putNextEntry(
                                    new ZipEntry(directory.relativize(file).toString()));
                            Files.copy(file, out);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
        }
    }

    /** The command line of {@code sched-trace args...}. */
    List<String> commandLine(String... args) {
        List<String> command =
                new ArrayList<>(List.of(root.resolve("bin/sched-trace").toString()));
        command.addAll(List.of(args));
        return command;
    }
}
