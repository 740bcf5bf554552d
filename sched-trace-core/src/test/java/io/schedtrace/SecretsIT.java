package io.schedtrace;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.schedtrace.export.HtmlReport;
import io.schedtrace.export.JsonLines;
import io.schedtrace.export.PerfettoTrace;
import io.schedtrace.export.TextLines;
import io.schedtrace.lab.ChildJvm;
import io.schedtrace.lab.KernelTest;
import io.schedtrace.lab.NamesLab;
import io.schedtrace.lab.SelfReport;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TreeText;
import io.schedtrace.otel.OtelSpans;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looks for a secret of a traced environment, which this JVM has never had, in all that leaves a session or stays. */
@KernelTest
class SecretsIT {
    private static final String HIDDEN = "qmboufe.tfdsfu.wbmvf";
    private static final String PASSWORD = "hunter2";

    private static final String SCRIPT = """
            secret=$(printf %s "$1" | tr b-z a-y)
            export DB_PASSWORD="$secret" API_TOKEN="$secret:8080" DB_HOST=v4.names.test
            export DATABASE_URL="postgres://app:$secret@v4.names.test:5432/app?password=$secret"
            export CFG="{\\"host\\": \\"v4.names.test\\", \\"password\\": \\"$secret\\"}"
            curl -sf http://127.0.1.1:8080/ || exit 1
            curl -sf "http://user:$2@v4.names.test:8080/"
            """;

    @TempDir
    private Path directory;

    @Test
    void theRingHoldsNoEnvironmentAMomentAfterTheTracerIsClosed() {
        assertThat(new ChildJvm().lines(SelfReport.class, "ring", "terces.a.si.siht"))
                .contains("before true", "a moment after false");
    }

    private final List<String> logged = new CopyOnWriteArrayList<>();
    private final Logger root = Logger.getLogger("");
    private final Logger ours = Logger.getLogger("io.schedtrace");
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord message) {
            Object[] parameters = message.getParameters();
            logged.add(message.getMessage()
                    + List.of(parameters == null ? new Object[0] : parameters)
                    + message.getThrown());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private NamesLab lab;

    @BeforeEach
    void open() throws IOException {
        lab = new NamesLab(directory, "127.0.1.1 v4.names.test\n");
        handler.setLevel(Level.ALL);
        ours.setLevel(Level.ALL);
        root.addHandler(handler);
    }

    @AfterEach
    void close() throws IOException {
        root.removeHandler(handler);
        ours.setLevel(null);
        lab.close();
    }

    @Test
    void showsAndKeepsNoSecretOfAnEnvironment() throws Exception {
        StringBuffer text = new StringBuffer();
        StringBuffer json = new StringBuffer();
        StringBuffer tree = new StringBuffer();
        StringBuffer html = new StringBuffer();
        StringBuffer perfetto = new StringBuffer();
        InMemorySpanExporter exported = InMemorySpanExporter.create();
        try (ProcessTreeTracer t = ProcessTreeTracer.builder()
                .dns(true)
                .getaddrinfo(true)
                .listener(TextLines.to(text))
                .listener(JsonLines.to(json))
                .listener(TreeText.coloured().to(tree))
                .listener(HtmlReport.to(html))
                .listener(PerfettoTrace.to(perfetto))
                .listener(OtelSpans.builder(SimpleSpanProcessor.create(exported))
                        .arguments(true)
                        .build())
                .open()) {
            Process process = t.start(
                    lab.inside("sh", "-c", SCRIPT, "sh", HIDDEN, PASSWORD).redirectOutput(Redirect.DISCARD));
            assertThat(process.waitFor()).isZero();
            Trace trace = t.awaitTree(Duration.ofSeconds(60));
            Path heap = dumpHeap();
            assertThat(occurrences(heap, "v4.names.test".getBytes(US_ASCII)))
                    .as("strings are found")
                    .isPositive();
            assertThat(occurrences(heap, secret()))
                    .as("the secret, on the heap")
                    .isZero();
            t.close();

            String secret = new String(secret(), US_ASCII);
            Map<String, String> forPeople = Map.of(
                    "text", text.toString(),
                    "tree", tree.toString(),
                    "trace", trace.toString(),
                    "processes",
                            String.join(
                                    "\n",
                                    trace.processes().stream()
                                            .map(ProcessSpan::toString)
                                            .toList()),
                    "connections", trace.connections().toString(),
                    "log", logged.toString());
            assertThat(json.toString()).contains("v4.names.test").doesNotContain(secret);
            assertThat(forPeople).allSatisfy((what, shown) -> {
                assertThat(shown).doesNotContain(secret);
                assertThat(shown.lines()).noneMatch(SecretsIT::showsPassword);
            });
            String otel = exported.getFinishedSpanItems().toString();
            assertThat(List.of(html.toString(), perfetto.toString(), otel))
                    .allSatisfy(shown ->
                            assertThat(shown).contains("***@v4.names.test").doesNotContain(secret, PASSWORD + '@'));
            assertThat(forPeople.get("processes")).contains("http://***@v4.names.test:8080/");
            assertThat(forPeople.get("tree")).contains("http://***@v4.names.test:8080/");
        }
    }

    /** The shell has the password as an argument of its own, which nobody can know. */
    private static boolean showsPassword(String line) {
        return line.contains(PASSWORD) && !line.contains(HIDDEN);
    }

    private static byte[] secret() {
        byte[] bytes = HIDDEN.getBytes(US_ASCII);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != '.') {
                bytes[i]--;
            }
        }
        return bytes;
    }

    private Path dumpHeap() throws IOException, InterruptedException {
        Path dump = directory.resolve("heap.hprof");
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(ProcessHandle.current().pid()),
                        "GC.heap_dump",
                        dump.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(jcmd.getInputStream().readAllBytes(), UTF_8);
        assertThat(jcmd.waitFor()).as(output).isZero();
        return dump;
    }

    private static long occurrences(Path dump, byte[] wanted) throws IOException {
        long found = 0;
        try (FileChannel file = FileChannel.open(dump)) {
            MappedByteBuffer bytes = file.map(MapMode.READ_ONLY, 0, file.size());
            for (int at = 0; at + wanted.length <= bytes.limit(); at++) {
                int same = 0;
                while (same < wanted.length && bytes.get(at + same) == wanted[same]) {
                    same++;
                }
                found += same == wanted.length ? 1 : 0;
            }
        }
        return found;
    }
}
