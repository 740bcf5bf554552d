package io.schedtrace.lab;

import io.schedtrace.ProcessTreeTracer;
import io.schedtrace.hosts.HostOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A network and a mount namespace in which a dnsmasq at 127.0.0.53 is the resolver, for names that exist nowhere else.
 * Both live as long as their first process does, which ends when this JVM closes its standard input: nothing is left
 * behind, however the test ends.
 */
public final class NamesLab implements AutoCloseable {
    /** A port where an HTTP server listens on all addresses, IPv4 and IPv6. */
    public static final int WEB = 8080;

    private static final String SETUP = """
            cd "$1" || exit 1
            ip link set lo up
            for i in 1 2 3 4 5 6; do ip -6 addr add fd00:5c::$i/128 dev lo nodad; done
            ip -6 route add local fd00:5d::/64 dev lo
            for file in resolv.conf hosts nsswitch.conf; do mount --bind "$file" /etc/$file || exit 1; done
            shift
            dnsmasq --keep-in-foreground --conf-file=/dev/null --user=root --pid-file= --no-resolv --no-hosts \\
                --listen-address=127.0.0.53 --bind-interfaces --local=/test/ --addn-hosts="$PWD/names" \\
                --log-queries=extra --log-facility="$PWD/log" "$@" &
            dnsmasq=$!
            until grep -qs 'started, version' log; do kill -0 $dnsmasq || exit 1; sleep 0.02; done
            /usr/bin/python3 web.py &
            web=$!
            cat >/dev/null
            kill $dnsmasq $web
            """;

    private static final String WEB_SERVER = """
            import http.server, socket, socketserver
            class Server(http.server.ThreadingHTTPServer):
                address_family = socket.AF_INET6
                def server_bind(self):
                    socketserver.TCPServer.server_bind(self)
            class Handler(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    self.send_response(200)
                    self.send_header('Content-Length', '2')
                    self.end_headers()
                    self.wfile.write(b'ok')
                def log_message(self, *arguments):
                    pass
            server = Server(('::', %d), Handler)
            print('ready', flush=True)
            server.serve_forever()
            """;

    private static final Pattern QUERY = Pattern.compile(" query\\[([A-Z]+)] (\\S+) from ");

    private final Path directory;
    private final Process first;
    private final List<Process> servers = new ArrayList<>();

    /** A tracer that learns names from the kernel alone. */
    public static ProcessTreeTracer.Builder listening() {
        return ProcessTreeTracer.builder()
                .dns(true)
                .hostOptions(HostOptions.defaults().withResolveCandidates(false));
    }

    /**
     * Makes it, and waits until it answers.
     *
     * @param directory for its files
     * @param names in the form of a hosts file, what dnsmasq answers; "names.test" is the domain searched
     * @param dnsmasq more options for it
     */
    public NamesLab(Path directory, String names, String... dnsmasq) throws IOException {
        this.directory = directory;
        write("names", names);
        write("resolv.conf", "nameserver 127.0.0.53\nsearch names.test\noptions timeout:2 attempts:2\n");
        write("hosts", "127.0.0.1 localhost\n127.0.9.9 file.hosts.test\n");
        write("nsswitch.conf", "hosts: files dns\n");
        write("web.py", WEB_SERVER.formatted(WEB));
        List<String> command =
                new ArrayList<>(List.of("unshare", "--net", "--mount", "sh", "-c", SETUP, "sh", directory.toString()));
        command.addAll(List.of(dnsmasq));
        first = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
        awaitLine(first, "ready");
    }

    /** Appends to the configuration of the resolver library. */
    public void resolverOptions(String options) throws IOException {
        Files.writeString(directory.resolve("resolv.conf"), options + '\n', StandardOpenOption.APPEND);
    }

    /** A command that runs inside. */
    public ProcessBuilder inside(String... command) {
        return inside(List.of(command));
    }

    /** A command that runs inside. */
    public ProcessBuilder inside(Collection<String> command) {
        List<String> all =
                new ArrayList<>(List.of("nsenter", "--target", Long.toString(first.pid()), "--net", "--mount", "--"));
        all.addAll(command);
        return new ProcessBuilder(all).redirectError(Redirect.INHERIT);
    }

    /** Runs a command inside, untraced. */
    public void run(String... command) throws IOException, InterruptedException {
        Process process = inside(command).redirectOutput(Redirect.DISCARD).start();
        if (!process.waitFor(Patience.seconds(60).toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", command) + " failed");
        }
    }

    /** Starts a server inside, untraced, and waits until it listens there. */
    public void serve(int port, String... command) throws IOException, InterruptedException {
        Process server = inside(command).redirectOutput(Redirect.DISCARD).start();
        servers.add(server);
        long deadline = System.nanoTime() + Patience.seconds(60).toNanos();
        while (!listens(port)) {
            if (!server.isAlive() || System.nanoTime() > deadline) {
                throw new IOException(String.join(" ", command) + " does not listen at " + port);
            }
            server.waitFor(20, TimeUnit.MILLISECONDS);
        }
    }

    private boolean listens(int port) throws IOException {
        String entry = ":%04X ".formatted(port);
        for (String table : List.of("tcp", "tcp6")) {
            try (var lines = Files.lines(Path.of("/proc", Long.toString(first.pid()), "net", table))) {
                if (lines.anyMatch(line -> line.substring(0, 44).contains(entry) && line.contains(" 0A "))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** What dnsmasq has been asked for so far: the type, a blank, the name. */
    public List<String> queries() throws IOException {
        List<String> queries = new ArrayList<>();
        for (String line : Files.readAllLines(directory.resolve("log"))) {
            Matcher query = QUERY.matcher(line);
            if (query.find()) {
                queries.add(query.group(1) + ' ' + query.group(2));
            }
        }
        return queries;
    }

    /** Waits for a process to write that line. */
    public static void awaitLine(Process process, String wanted) throws IOException {
        BufferedReader out = process.inputReader();
        for (String line = out.readLine(); !wanted.equals(line); line = out.readLine()) {
            if (line == null) {
                throw new IOException("no line \"" + wanted + '"');
            }
        }
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    @Override
    public void close() throws IOException {
        servers.forEach(Process::destroy);
        first.getOutputStream().close();
        try {
            for (Process server : servers) {
                end(server);
            }
            end(first);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void end(Process process) throws InterruptedException {
        if (!process.waitFor(Patience.seconds(20).toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
