package it;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A PostgreSQL server of the test's own on a free port of the loopback interface, as user postgres if we are root. */
final class Postgres implements AutoCloseable {
    private final Path directory;
    private final int port;

    private Postgres(Path directory, int port) {
        this.directory = directory;
        this.port = port;
    }

    /** The programs of the server; null if it is not installed. */
    static Path programs() throws IOException {
        Path root = Path.of("/usr/lib/postgresql");
        if (Files.isDirectory(root)) {
            try (Stream<Path> versions = Files.list(root)) {
                return versions.map(version -> version.resolve("bin"))
                        .filter(bin -> Files.isExecutable(bin.resolve("postgres")))
                        .max(Comparator.naturalOrder())
                        .orElse(null);
            }
        }
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(Path::of)
                .filter(bin -> Files.isExecutable(bin.resolve("postgres")))
                .findFirst()
                .orElse(null);
    }

    static Postgres start() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory(Path.of("/tmp"), "sched-trace-postgres");
        run(List.of("chmod", "777", directory.toString()));
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Postgres postgres = new Postgres(directory, port);
        postgres.asItsUser("initdb", "--no-sync", "--auth=trust", "--username=postgres", "--locale=C");
        String options = "-F -c listen_addresses=127.0.0.1 -p " + port + " -k " + directory;
        postgres.asItsUser("pg_ctl", "-w", "-t", "120", "-o", options, "-l", directory + "/log", "start");
        return postgres;
    }

    int port() {
        return port;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        asItsUser("pg_ctl", "-w", "-m", "immediate", "stop");
        run(List.of("rm", "-rf", directory.toString()));
    }

    private void asItsUser(String program, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"));
        }
        command.add(programs().resolve(program).toString());
        command.addAll(List.of("-D", directory.resolve("data").toString()));
        command.addAll(List.of(arguments));
        run(command);
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("sched-trace-postgres", ".log");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(new File("/"))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (process.waitFor() != 0) {
                throw new IOException(command + " failed:\n" + Files.readString(output));
            }
        } finally {
            Files.delete(output);
        }
    }
}
