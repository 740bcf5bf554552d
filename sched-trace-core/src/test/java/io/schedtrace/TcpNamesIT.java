package io.schedtrace;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.Observed;
import io.schedtrace.lab.Snippet;
import io.schedtrace.model.HostName;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.SpanId;
import io.schedtrace.model.TcpSpan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that people use, with the names that they were given. */
@KernelTest
class TcpNamesIT {
    private static final String SERVE_ONE = """
            import http.server, subprocess
            server = http.server.HTTPServer(('127.0.0.1', 0), http.server.SimpleHTTPRequestHandler)
            threading.Thread(target=server.handle_request).start()
            url = 'http://%s:%d/' % (sys.argv[1], server.server_port)
            subprocess.run(['curl', '-s4o', '/dev/null', url], check=True); say('url', url)
            """;

    @TempDir
    Path folder;

    @Test
    void shouldNameLocalhost() throws Exception {
        Observed seen = Snippet.observe(SERVE_ONE, "localhost");

        assertThat(seen.client().peerHosts()).extracting(HostName::name).contains("localhost");
        assertThat(seen.client().peerName()).isEqualTo("localhost");
        assertThat(seen.trace().connections()).hasSize(2);
    }

    @Test
    void shouldNameAHostThatOnlyTheHostsFileOfTheTreeKnows() throws Exception {
        Path hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.1 warehouse.test warehouse\n");

        try (Snippet snippet = Snippet.command(java.util.List.of(
                "unshare",
                "-m",
                "sh",
                "-ec",
                "mount --bind \"$0\" /etc/hosts; exec \"$@\"",
                hosts.toString(),
                "/usr/bin/python3",
                "-I",
                "-c",
                Snippet.pythonCommand(SERVE_ONE).get(3),
                "warehouse.test"))) {
            Observed seen = snippet.finish();
            assertThat(seen.client().peerHosts()).extracting(HostName::name).contains("warehouse.test");
            assertThat(seen.client().peerName()).isEqualTo("warehouse.test");
        }
    }

    @Test
    void shouldShowNginxAndAClientThatKeepsItsConnection() throws Exception {
        Files.writeString(folder.resolve("nginx.conf"), """
                pid nginx.pid; error_log stderr; worker_processes 2; daemon off;
                events { worker_connections 64; }
                http { access_log off; client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f;
                  uwsgi_temp_path u; scgi_temp_path s;
                  server { listen 127.0.0.1:%d; location / { return 200 "%s"; } } }
                """.formatted(freePort(), "x".repeat(1000)));
        Observed seen = Snippet.observe("""
                import re, subprocess
                folder = sys.argv[1]; p = re.search('127.0.0.1:([0-9]+)', open(folder + '/nginx.conf').read()).group(1)
                nginx = subprocess.Popen(['/usr/sbin/nginx', '-p', folder, '-c', folder + '/nginx.conf'],
                    stderr=subprocess.DEVNULL)
                while not os.path.exists(folder + '/nginx.pid'): time.sleep(0.01)
                url = 'http://localhost:' + p + '/'
                curl = subprocess.Popen(['curl', '-sf4', '-o', '/dev/null', '-w', '%{num_connects} ', url,
                    '-o', '/dev/null', url, '-o', '/dev/null', url], stdout=subprocess.PIPE, text=True)
                say('connects', curl.communicate()[0]); say('curl', curl.pid); say('master', nginx.pid)
                nginx.send_signal(signal.SIGQUIT); assert nginx.wait() == 0
                """, folder);

        assertThat(seen.fact("connects")).isEqualTo("1 0 0 ");
        TcpSpan client = seen.client();
        TcpSpan server = seen.server();
        Observed.assertPeers(client, server);
        assertThat(client.processSpanId()).isEqualTo(seen.process("curl").spanId());
        Map<SpanId, ProcessSpan> workers = seen.trace().children(seen.process("master")).stream()
                .collect(Collectors.toMap(ProcessSpan::spanId, worker -> worker));
        assertThat(workers).hasSize(2).containsKey(server.processSpanId());
        assertThat(client.counters().bytesSent()).isEqualTo(server.counters().bytesReceived());
        assertThat(client.counters().bytesReceived())
                .isEqualTo(server.counters().bytesSent())
                .isGreaterThan(3000);
        assertThat(client.peerHosts()).extracting(HostName::name).contains("localhost");
        assertThat(seen.trace().isComplete()).isTrue();
    }

    private static int freePort() throws Exception {
        try (java.net.ServerSocket socket = new java.net.ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
