package io.schedtrace;

import static io.schedtrace.lab.NamesOfConnections.peerHosts;
import static io.schedtrace.lab.NamesOfConnections.trace;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.NamesInside;
import io.schedtrace.lab.NamesLab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The names of real servers in the traces of their own clients: PostgreSQL, Redis, OpenSSH. */
@KernelTest
class NamedServersIT {
    private static final int SSH = 2222;
    private static final int REDIS = 6379;
    private static final int POSTGRES = 5432;

    private static final String NAMES = """
            127.0.4.1 pg.names.test
            127.0.4.2 redis.names.test
            127.0.4.3 ssh.names.test
            """;

    @TempDir
    private static Path directory;

    private static NamesLab lab;

    @BeforeAll
    static void open() throws IOException {
        lab = new NamesLab(directory, NAMES);
    }

    @AfterAll
    static void close() throws IOException {
        lab.close();
    }

    /** Both ways to learn a name: from the kernel, outside; by looking candidates up, inside. */
    private static void shouldName(String expected, int port, Map<String, String> environment, String... command)
            throws Exception {
        String name = expected.substring(0, expected.indexOf(' '));
        ProcessBuilder inside = lab.inside(command);
        inside.environment().putAll(environment);
        assertThat(peerHosts(trace(NamesLab.listening(), inside), port)).containsExactly(name + " (dns)");
        assertThat(NamesInside.run(lab, environment, List.of(), command)).contains(port + " " + expected);
    }

    @Test
    void namesThePostgresThatPsqlWasGivenByEnvironment() throws Exception {
        Path data = directory.resolve("pg");
        Files.createDirectory(data);
        lab.run("sh", "-c", """
                chmod 755 "$1" && chown postgres "$1"/pg && bin=$(ls -d /usr/lib/postgresql/*/bin | tail -1) &&
                setpriv --reuid=postgres --regid=postgres --clear-groups "$bin"/initdb -N -A trust -D "$1"/pg
                """, "sh", directory.toString());
        lab.serve(POSTGRES, "sh", "-c", """
                exec setpriv --reuid=postgres --regid=postgres --clear-groups "$(ls -d /usr/lib/postgresql/*/bin | tail -1)"/postgres \\
                    -D "$1"/pg -c listen_addresses=127.0.4.1 -c unix_socket_directories= -c fsync=off
                """, "sh", directory.toString());

        Map<String, String> environment =
                Map.of("PGHOST", "pg.names.test", "PGUSER", "postgres", "PGPASSWORD", "hunter2");
        shouldName("pg.names.test (environ)", POSTGRES, environment, "psql", "-Atc", "select 1");
    }

    @Test
    void namesTheRedisOfTheCommandLine() throws Exception {
        lab.serve(REDIS, "bash", "-c", """
                exec -a redis-server redis-check-rdb --port %d --bind 127.0.4.2 --save '' --daemonize no
                """.formatted(REDIS));

        shouldName("redis.names.test (cmdline)", REDIS, Map.of(), "redis-cli", "-h", "redis.names.test", "ping");
    }

    @Test
    void namesTheHostThatSshLogsInTo() throws Exception {
        Path keys = Files.createDirectory(directory.resolve("ssh"));
        lab.run("sh", "-c", """
                cd "$1" && ssh-keygen -q -t ed25519 -N '' -f host && ssh-keygen -q -t ed25519 -N '' -f user &&
                cp user.pub authorized
                """, "sh", keys.toString());
        lab.serve(SSH, "sh", "-c", """
                [ -d /run/sshd ] || { mount -t tmpfs tmpfs /run && mkdir -m 755 /run/sshd; }
                exec /usr/sbin/sshd -D -e -q -f /dev/null -h "$1"/host -p 2222 -o ListenAddress=127.0.4.3 \\
                    -o AuthorizedKeysFile="$1"/authorized -o StrictModes=no -o UsePAM=no -o PidFile=none
                """, "sh", keys.toString());

        shouldName(
                "ssh.names.test (cmdline)",
                SSH,
                Map.of(),
                "ssh",
                "-F",
                "none",
                "-i",
                keys + "/user",
                "-p",
                "" + SSH,
                "-o",
                "BatchMode=yes",
                "-o",
                "StrictHostKeyChecking=no",
                "-o",
                "UserKnownHostsFile=/dev/null",
                "-o",
                "LogLevel=ERROR",
                "root@ssh.names.test",
                "true");
    }
}
