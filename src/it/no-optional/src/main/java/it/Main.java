package it;

import io.schedtrace.model.Availability;
import io.schedtrace.model.HostName;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.ProcessTreeTracer;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TraceId;
import io.schedtrace.model.TraceListener;
import io.schedtrace.Tracer;
import io.schedtrace.Tracing;
import io.schedtrace.export.TextLines;
import io.schedtrace.model.TreeText;
import io.schedtrace.internal.names.DnsSource;
import java.lang.reflect.Executable;
import java.lang.reflect.Modifier;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.JarFile;
import java.util.regex.Pattern;

/** Uses the library without JUnit, TestNG, AssertJ, Jackson, dnsjava, OpenTelemetry and picocli. */
public final class Main {
    /** Packages whose classes cannot be loaded without an optional library. */
    private static final Set<String> BOUND =
            Set.of("io.schedtrace.assertj", "io.schedtrace.cli", "io.schedtrace.junit", "io.schedtrace.otel",
                    "io.schedtrace.testng");

    /** What needs Jackson, as its description says. */
    private static final Pattern JSON = Pattern.compile("io\\.schedtrace\\.export\\.(Json|Html|Perfetto|TraceEvent).*");

    private Main() {}

    public static void main(String[] args) throws Exception {
        for (String optional : List.of(
                "com.fasterxml.jackson.core.JsonFactory",
                "io.opentelemetry.api.trace.Span",
                "org.assertj.core.api.Assertions",
                "org.junit.jupiter.api.Test",
                "org.testng.ITestNGListener",
                "org.xbill.DNS.Message",
                "picocli.CommandLine")) {
            require(!isThere(optional), optional + " is not there");
        }
        initializesEveryPublicClass();
        require(!DnsSource.available(), "answers of DNS cannot be read");

        Availability availability = Tracing.availability();
        if (!availability.available() && !"1".equals(System.getenv("SCHED_TRACE_REQUIRE"))) {
            System.out.println("skipped: " + availability.message());
            return;
        }
        launches();
        knowsNames();
    }

    /** With whatever their members mention. */
    private static void initializesEveryPublicClass() throws Exception {
        Path jar = Path.of(
                Trace.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        int count = 0;
        try (JarFile file = new JarFile(jar.toFile())) {
            for (var entry : file.stream().toList()) {
                if (!entry.getName().endsWith(".class") || entry.getName().endsWith("-info.class")) {
                    continue;
                }
                String name = entry.getName().replace('/', '.').replaceAll("\\.class$", "");
                if (BOUND.contains(name.substring(0, name.lastIndexOf('.'))) || JSON.matcher(name).matches()) {
                    continue;
                }
                Class<?> type = Class.forName(name, false, Main.class.getClassLoader());
                if (Modifier.isPublic(type.getModifiers())) {
                    initialize(type);
                    count++;
                }
            }
        }
        require(count > 20, "a jar full of public classes, not " + count);
        System.out.println(count + " public classes initialized");
    }

    private static void initialize(Class<?> type) throws ClassNotFoundException {
        for (Executable method : type.getMethods()) {
            method.toGenericString();
        }
        for (Executable constructor : type.getConstructors()) {
            constructor.toGenericString();
        }
        type.getFields();
        Class.forName(type.getName(), true, type.getClassLoader());
    }

    private static void launches() throws Exception {
        StringBuffer text = new StringBuffer();
        StringBuffer tree = new StringBuffer();
        AtomicInteger ended = new AtomicInteger();
        TraceId id = TraceId.random();
        try (var t = ProcessTreeTracer.builder()
                .traceId(id)
                .listener(TextLines.to(text))
                .listener(TreeText.coloured().to(tree))
                .listener(new TraceListener() {
                    @Override
                    public void processEnded(ProcessSpan process) {
                        ended.incrementAndGet();
                    }
                })
                .killOnClose(true)
                .open()) {
            require(t.start(new ProcessBuilder("sh", "-c", "ls / | wc -l")).waitFor() == 0, "exit 0");
            Trace trace = t.awaitTree(Duration.ofSeconds(60));
            require(TreeText.names(trace).equals("sh\n├─ ls\n└─ wc"), "a tree of three, not\n" + trace);
            t.start(new ProcessBuilder("sleep", "600"));
        }
        require(ended.get() == 4, "four processes ended, not " + ended);
        require(text.toString().contains(id.toString()), "lines of text, not " + text);
        require(tree.toString().contains("4 processes"), "a tree of four, not " + tree);
    }

    private static void knowsNames() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String script = "exec 3<>/dev/tcp/127.0.0.1/" + server.getLocalPort();
            String url = "http://localhost:" + server.getLocalPort() + "/";
            try (var t = Tracer.launch("bash", "-c", script, "bash", url)) {
                var connection = t.awaitTree(Duration.ofSeconds(60)).connections().get(0);
                require(
                        connection.peerHosts().stream().map(HostName::name).anyMatch("localhost"::equals),
                        "the name localhost, not " + connection);
            }
        }
    }

    private static boolean isThere(String name) {
        try {
            Class.forName(name, false, Main.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("expected: " + what);
        }
    }
}
