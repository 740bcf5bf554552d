package io.schedtrace.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A headless Chromium with one page, driven by the DevTools protocol over a pipe: no port is opened. */
final class Chromium implements AutoCloseable {
    private static final long TIMEOUT_SECONDS = 300;

    private final Process process;
    private final InputStream replies;
    private int lastId;
    private @Nullable String session;

    /** What was sent by the page while we waited for a reply. */
    final List<Map<String, Object>> events = new ArrayList<>();

    private Chromium(Process process) {
        this.process = process;
        replies = new BufferedInputStream(process.getInputStream());
    }

    /** Skips the test where there is no Chromium; fails it if {@code SCHED_TRACE_REQUIRE=1} says that there must be. */
    static void require() {
        boolean there = Stream.of(System.getenv("PATH").split(":", -1))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, "chromium")));
        if (!"1".equals(System.getenv("SCHED_TRACE_REQUIRE"))) {
            assumeThat(there).as("chromium is on the PATH").isTrue();
        }
        assertThat(there).as("chromium is on the PATH").isTrue();
    }

    /** @param profile an empty directory */
    static Chromium start(Path profile, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "timeout",
                Long.toString(TIMEOUT_SECONDS),
                "sh",
                "-c",
                "exec \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1",
                "sh",
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--window-size=1400,820",
                "--user-data-dir=" + profile,
                "--remote-debugging-pipe"));
        command.addAll(List.of(options));
        return new Chromium(new ProcessBuilder(command).start());
    }

    /** Opens a report and waits until it can be used. */
    void open(Path file) throws IOException {
        if (session == null) {
            Object target =
                    call("Target.createTarget", Map.of("url", "about:blank")).get("targetId");
            session = (String) call("Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                    .get("sessionId");
            for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
                call(domain + ".enable", Map.of());
            }
        }
        events.clear();
        call("Page.navigate", Map.of("url", file.toUri().toString()));
        String ready = "location.href.startsWith('" + file.toUri() + "') && !!document.documentElement?.dataset.ready";
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!Boolean.TRUE.equals(evaluate(ready))) {
            assertThat(System.nanoTime())
                    .as("a report that is ready in a minute")
                    .isLessThan(deadline);
            LockSupport.parkNanos(10_000_000);
        }
    }

    /** The value of an expression; a promise is waited for. */
    Object evaluate(String expression) throws IOException {
        Map<String, Object> result =
                call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
        assertThat(result).as(expression).doesNotContainKey("exceptionDetails");
        return JsonValues.object(result.get("result")).get("value");
    }

    /** Presses a key, as a keyboard does. */
    void press(String key) throws IOException {
        String text = key.length() == 1 ? key : key.equals("Enter") ? "\r" : "";
        call(
                "Input.dispatchKeyEvent",
                Map.of("type", text.isEmpty() ? "rawKeyDown" : "keyDown", "key", key, "text", text));
        call("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key));
    }

    void type(String text) throws IOException {
        call("Input.insertText", Map.of("text", text));
    }

    /** Prefers dark or light. */
    void scheme(String scheme) throws IOException {
        Object feature = List.of(Map.of("name", "prefers-color-scheme", "value", scheme));
        call("Emulation.setEmulatedMedia", Map.of("features", feature));
    }

    byte[] screenshot() throws IOException {
        return decode(call("Page.captureScreenshot", Map.of("format", "png")));
    }

    byte[] pdf() throws IOException {
        return decode(call("Page.printToPDF", Map.of("printBackground", true)));
    }

    private static byte[] decode(Map<String, Object> result) {
        return Base64.getDecoder().decode((String) result.get("data"));
    }

    Map<String, Object> call(String method, Map<String, Object> parameters) throws IOException {
        int id = ++lastId;
        StringWriter message = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(message)) {
            json.writeStartObject();
            json.writeNumberField("id", id);
            json.writeStringField("method", method);
            if (session != null) {
                json.writeStringField("sessionId", session);
            }
            json.writeFieldName("params");
            write(json, parameters);
            json.writeEndObject();
        }
        process.getOutputStream().write((message + "\0").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        while (true) {
            Map<String, Object> reply = JsonValues.object(JsonValues.parse(read()));
            if (Objects.equals(reply.get("id"), (long) id)) {
                assertThat(reply).as(method).doesNotContainKey("error");
                return JsonValues.object(reply.get("result"));
            }
            events.add(reply);
        }
    }

    private static void write(JsonGenerator json, Object value) throws IOException {
        if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                json.writeFieldName((String) entry.getKey());
                write(json, entry.getValue());
            }
            json.writeEndObject();
        } else if (value instanceof List<?> list) {
            json.writeStartArray();
            for (Object element : list) {
                write(json, element);
            }
            json.writeEndArray();
        } else {
            json.writePOJO(value);
        }
    }

    private String read() throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        for (int b = replies.read(); b != 0; b = replies.read()) {
            if (b < 0) {
                throw new IOException("chromium has ended");
            }
            message.write(b);
        }
        return message.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        session = null;
        call("Browser.close", Map.of());
        process.onExit().orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS).join();
    }
}
