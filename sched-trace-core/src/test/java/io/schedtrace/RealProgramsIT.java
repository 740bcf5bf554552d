package io.schedtrace;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.TestPrograms;
import io.schedtrace.lab.WatchedRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Everyday programs, with all their processes and connections as strace sees them in the same run. Each has a network
 * of its own, so that ports are free.
 */
@KernelTest
class RealProgramsIT {
    private static final List<String> OWN_NETWORK =
            List.of("unshare", "-n", "sh", "-c", "ip link set lo up && exec \"$@\"", "sh");

    private Path directory;

    @BeforeEach
    void makeADirectory() {
        directory = TestPrograms.directory();
    }

    /** Runs a command that must end with 0, make so many processes and connect so often at least; and compares. */
    private WatchedRun shouldAgree(int processes, int connections, String... command) throws Exception {
        WatchedRun run = WatchedRun.of(directory, OWN_NETWORK, command);
        assertThat(run.top().exitCode()).as(run.output()).isZero();
        run.shouldAgreeOnProcesses();
        run.shouldAgreeOnConnections();
        assertThat(run.strace().processes()).hasSizeGreaterThanOrEqualTo(processes);
        assertThat(run.strace().connects()).hasSizeGreaterThanOrEqualTo(connections);
        return run;
    }

    private static void prepare(String... command) {
        TestPrograms.Result result = TestPrograms.run(new ProcessBuilder(command));
        assertThat(result.status()).as(result.text()).isZero();
    }

    @Test
    void makeOfACTree() throws Exception {
        Path cache =
                Path.of(System.getenv().getOrDefault("XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache"));
        Path zlib;
        try (Stream<Path> releases = Files.list(cache.resolve("sched-trace/sources"))) {
            zlib = releases.map(release -> release.resolve("zlib"))
                    .filter(Files::isDirectory)
                    .findFirst()
                    .orElseThrow();
        }
        prepare("cp", "-r", zlib + "/.", directory.toString());

        shouldAgree(200, 0, "sh", "-e", "-c", "CFLAGS=-O0 ./configure && make -j4");
    }

    @Test
    void maven() throws Exception {
        shouldAgree(10, 0, "mvn", "-v");
    }

    @Test
    void apt() throws Exception {
        shouldAgree(4, 0, "apt-get", "--simulate", "install", "--reinstall", "make");
    }

    @Test
    void npm() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/npm")), "npm is not installed");
        WatchedRun run = shouldAgree(1, 0, "npm", "--version");
        assertThat(run.top().execs()).hasSizeGreaterThan(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fork", "forkserver", "spawn"})
    void aPoolOfPythonProcesses(String method) throws Exception {
        Files.writeString(directory.resolve("pool.py"), """
                import multiprocessing, os, sys
                def work(n):
                    if n == 7:
                        os.system('exit 3')
                    return n * n
                if __name__ == '__main__':
                    with multiprocessing.get_context(sys.argv[1]).Pool(4, maxtasksperchild=2) as pool:
                        assert sum(pool.map(work, range(16), 1)) == 1240
                """);
        shouldAgree(8, 0, "/usr/bin/python3", "pool.py", method);
    }

    @Test
    void gitCloneFromADaemon() throws Exception {
        shouldAgree(10, 1, "sh", "-e", "-c", """
                export HOME="$PWD" GIT_CONFIG_NOSYSTEM=1
                git init -q served/repo
                seq 1000 >served/repo/file
                git -C served/repo add file
                git -C served/repo -c user.name=a -c user.email=a@a.test commit -q -m first
                git daemon --listen=127.0.0.1 --port=9418 --base-path=served --export-all --pid-file=pid &
                until git ls-remote -q git://127.0.0.1/repo; do sleep 0.05; done
                git clone -q git://127.0.0.1/repo clone
                cmp served/repo/file clone/file
                kill $!
                wait || :
                """);
    }

    @Test
    void nginxWithWorkers() throws Exception {
        Files.writeString(directory.resolve("nginx.conf"), """
                pid nginx.pid; error_log stderr; worker_processes 2; user root;
                events { worker_connections 64; }
                http { access_log off; client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f;
                  uwsgi_temp_path u; scgi_temp_path s;
                  server { listen 127.0.0.1:8080; listen [::1]:8080; location / { return 200 "served"; } } }
                """);
        shouldAgree(8, 16, "sh", "-e", "-c", """
                export HOME="$PWD"
                nginx() { /usr/sbin/nginx -p "$PWD" -c "$PWD"/nginx.conf "$@"; }
                nginx
                curl -sf http://127.0.0.1:8080/ 'http://[::1]:8080/'
                hey -n 12 -c 4 -disable-keepalive http://127.0.0.1:8080/
                nginx -s reload
                curl -sf --parallel $(seq -f 'http://127.0.0.1:8080/%g' 8)
                hey -n 12 -c 4 'http://[::1]:8080/'
                nginx -s quit
                """);
    }

    @Test
    void postgresAndPgbench() throws Exception {
        prepare("chown", "postgres", directory.toString());
        shouldAgree(30, 10, "setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "sh", "-e", "-c", """
                export HOME="$PWD" PGHOST=127.0.0.1 PGUSER=postgres PATH="$(ls -d /usr/lib/postgresql/*/bin | tail -1):$PATH"
                initdb -N -A trust -D data
                pg_ctl -w -D data -l server.log -o '-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off' start
                createdb bench
                pgbench -i bench
                pgbench -c 4 -j 2 -t 20 bench
                pgbench -c 2 -j 1 -t 4 -C bench
                pg_ctl -w -D data -m fast stop
                """);
    }
}
