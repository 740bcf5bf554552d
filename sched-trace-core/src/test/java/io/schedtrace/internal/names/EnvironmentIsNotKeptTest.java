package io.schedtrace.internal.names;

import static io.schedtrace.internal.names.FakeLookup.address;
import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.hosts.HostOptions;
import io.schedtrace.hosts.HostSink;
import io.schedtrace.hosts.ProcessImage;
import io.schedtrace.hosts.StaticSource;
import io.schedtrace.lab.DaemonThreads;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Looks for planted secrets in all that remains: the whole heap, the log, the names. */
@Timeout(60)
class EnvironmentIsNotKeptTest {
    private static final int PROCESSES = 50;

    @TempDir
    private Path directory;

    private int dumps;

    /** Made anew at each call, so that no constant of this class has it. */
    private static byte[] secret() {
        byte[] bytes = "qmboufeytfdsfuywbmvf".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i]--;
        }
        return bytes;
    }

    private static String secretText() {
        return new String(secret(), StandardCharsets.US_ASCII);
    }

    @Test
    void keepsNoSecretAnywhereOnTheHeap() throws Exception {
        FakeLookup lookup = new FakeLookup().with("db", "10.0.0.1");
        HostOptions options = HostOptions.defaults().withLookup(lookup);
        List<String> logged = new ArrayList<>();
        Handler handler = handler(logged);
        Logger logger = Logger.getLogger("io.schedtrace");
        logger.addHandler(handler);
        List<StaticSource> sources = new ArrayList<>(HostSources.staticSources());
        sources.add(new Careless());
        try (HostNames names = HostNames.open(options, sources, HostSources.dynamicSources(), DaemonThreads.FACTORY)) {
            for (long process = 1; process <= PROCESSES; process++) {
                tellSecrets(names, process);
            }
            assertThat(names.awaitSettled(PROCESSES, Duration.ofSeconds(20))).isTrue();
            assertThat(names.names(1, address("10.0.0.1"))).hasSize(1);
            assertThat(lookup.asked).containsExactly("db");
            assertThat(logged).hasSize(1).noneMatch(line -> line.contains(secretText()));
            assertThat(occurrencesOnHeap(names)).isZero();
            String kept = secretText();
            assertThat(occurrencesOnHeap(names)).as("it is found where it is").isPositive();
            Reference.reachabilityFence(kept);
        } finally {
            logger.removeHandler(handler);
        }
    }

    private static void tellSecrets(HostNames names, long process) {
        String secret = secretText();
        List<String> environment = List.of(
                "DATABASE_URL=postgres://app:" + secret + "@db:5432/app?password=" + secret,
                "DB_PASSWORD=" + secret,
                "DB_HOST=db",
                "API_TOKEN=" + secret + ":8080",
                "CFG={\"host\":\"db\",\"password\":\"" + secret + "\"}",
                "DSN=host=db password=" + secret,
                secret + "=1");
        List<String> arguments = List.of("curl", "-u", "admin:" + secret, "http://user:" + secret + "@db/");
        names.executed(process, () -> new ProcessImage(1, "/usr/bin/curl", arguments, environment));
        names.connecting(process, address("10.0.0.1"));
    }

    private long occurrencesOnHeap(HostNames alive) throws Exception {
        Path dump = directory.resolve("heap" + dumps++ + ".hprof");
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        String pid = Long.toString(ProcessHandle.current().pid());
        Process process = new ProcessBuilder(jcmd.toString(), pid, "GC.heap_dump", dump.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(alive.names(1, address("10.0.0.1"))).isNotEmpty();
        assertThat(occurrences(dump, "sched-trace-hosts".getBytes(StandardCharsets.US_ASCII)))
                .as("strings are found")
                .isPositive();
        return occurrences(dump, secret());
    }

    private static long occurrences(Path file, byte[] wanted) throws IOException {
        long found = 0;
        byte[] window = new byte[1 << 20];
        int kept = 0;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            for (int read = in.read(window, 0, window.length); read > 0; ) {
                int length = kept + read;
                for (int i = 0; i + wanted.length <= length; i++) {
                    boolean same = window[i] == wanted[0]
                            && Arrays.equals(window, i, i + wanted.length, wanted, 0, wanted.length);
                    found += same ? 1 : 0;
                }
                kept = Math.min(length, wanted.length - 1);
                System.arraycopy(window, length - kept, window, 0, kept);
                read = in.read(window, kept, window.length - kept);
            }
        }
        return found;
    }

    private static Handler handler(List<String> logged) {
        return new Handler() {
            @Override
            public void publish(LogRecord message) {
                logged.add(message.getMessage() + List.of(message.getParameters()) + message.getThrown());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
    }

    /** A source that throws what it has seen. */
    private static final class Careless implements StaticSource {
        @Override
        public String origin() {
            return "careless";
        }

        @Override
        public void inspect(ProcessImage image, HostSink sink) {
            throw new IllegalStateException(image.environment().toString());
        }
    }
}
