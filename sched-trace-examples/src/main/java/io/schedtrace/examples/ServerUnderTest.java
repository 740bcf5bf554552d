package io.schedtrace.examples;

import io.schedtrace.ProcessTreeTracer;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TcpSpan;
import io.schedtrace.model.Trace;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A server under test and its client, both in one trace: nginx with a master and a worker process, and curl. The two ends
 * of the connection know each other, so that the trace tells which of the server's processes answered which client.
 */
public final class ServerUnderTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private ServerUnderTest() {}

    /** Serves a page, fetches it, stops the server, and tells who talked to whom. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("sched-trace-example");
        try (ProcessTreeTracer tracer =
                ProcessTreeTracer.builder().killOnClose(true).open()) {
            int port = freePort();
            Path configuration = Files.writeString(directory.resolve("nginx.conf"), configuration(directory, port));

            // In the foreground, so that the Process is nginx's master.
            Process nginx = tracer.start(new ProcessBuilder("nginx", "-e", "stderr", "-c", configuration.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.DISCARD));

            // Until the server listens curl is refused and asks again; every try is in the trace.
            String url = "http://localhost:" + port + "/";
            Process curl = tracer.start(new ProcessBuilder(
                    "curl", "-4s", "--retry", "60", "--retry-delay", "1", "--retry-connrefused", url));
            byte[] page = curl.getInputStream().readAllBytes();
            System.out.println("curl got: " + new String(page, StandardCharsets.UTF_8).strip());
            curl.waitFor();

            nginx.destroy();
            Trace trace = tracer.awaitTree(PATIENCE);
            System.out.println(trace);
            conversations(trace).forEach(System.out::println);
        } finally {
            delete(directory);
        }
    }

    /** Connections of which both ends are in the trace. */
    static List<String> conversations(Trace trace) {
        return trace.connections().stream()
                .filter(end -> end.role() == TcpSpan.Role.CLIENT && end.peerSpanId() != null)
                .map(client -> name(trace, client) + " talked to " + name(trace, otherEnd(trace, client))
                        + " and received " + received(client))
                .toList();
    }

    private static String received(TcpSpan end) {
        TcpSpan.Counters counters = end.counters();
        return counters == null ? "an unknown number of bytes" : counters.bytesReceived() + " bytes";
    }

    private static TcpSpan otherEnd(Trace trace, TcpSpan end) {
        return trace.connections().stream()
                .filter(other -> other.spanId().equals(end.peerSpanId()))
                .findFirst()
                .orElseThrow();
    }

    private static String name(Trace trace, TcpSpan end) {
        SpanId owner = end.processSpanId();
        ProcessSpan process = owner == null ? null : trace.process(owner);
        return process == null ? "somebody" : process.name() + " " + process.pid() + parent(trace, process);
    }

    private static String parent(Trace trace, ProcessSpan process) {
        @Nullable SpanId id = process.parentSpanId();
        ProcessSpan parent = id == null ? null : trace.process(id);
        return parent == null ? "" : " (child of " + parent.name() + " " + parent.pid() + ")";
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static String configuration(Path directory, int port) {
        return """
                daemon off;
                worker_processes 1;
                pid DIRECTORY/pid;
                events { worker_connections 16; }
                http {
                  access_log off;
                  client_body_temp_path DIRECTORY/body;
                  proxy_temp_path DIRECTORY/proxy;
                  fastcgi_temp_path DIRECTORY/fastcgi;
                  uwsgi_temp_path DIRECTORY/uwsgi;
                  scgi_temp_path DIRECTORY/scgi;
                  server {
                    listen 127.0.0.1:PORT;
                    location / { return 200 "hello from nginx\\n"; }
                  }
                }
                """.replace("DIRECTORY", directory.toString()).replace("PORT", Integer.toString(port));
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
