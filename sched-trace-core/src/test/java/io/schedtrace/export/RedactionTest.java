package io.schedtrace.export;

import static io.schedtrace.lab.Spans.START;
import static io.schedtrace.lab.Spans.TRACE;
import static io.schedtrace.lab.Spans.process;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.schedtrace.assertj.TraceAssertions;
import io.schedtrace.lab.Spans;
import io.schedtrace.model.Exec;
import io.schedtrace.model.Labels;
import io.schedtrace.model.ProcessSpan;
import io.schedtrace.model.Redactor;
import io.schedtrace.model.SessionSpan;
import io.schedtrace.model.Trace;
import io.schedtrace.model.TreeText;
import io.schedtrace.otel.OtelSpans;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of secrets in each output. */
class RedactionTest {
    private static final String SECRET = "hunter2";

    private final Trace trace = trace("curl", "-u", "me:" + SECRET, "http://h/");

    /** The outputs that take a redactor. */
    enum Output {
        TREE {
            @Override
            String of(Trace trace, Labels labels, Redactor redactor) {
                return TreeText.plain().labelled(labels).redacted(redactor).format(trace);
            }
        },
        OTLP {
            @Override
            String of(Trace trace, Labels labels, Redactor redactor) {
                InMemorySpanExporter exported = InMemorySpanExporter.create();
                OtelSpans.builder(SimpleSpanProcessor.create(exported))
                        .arguments(true)
                        .redactor(redactor)
                        .build()
                        .traceClosed(trace);
                return exported.getFinishedSpanItems().toString();
            }
        },
        TEXT,
        JSON,
        HTML,
        PERFETTO;

        String of(Trace trace, Labels labels, Redactor redactor) {
            StringBuilder out = new StringBuilder();
            TraceFormats.find(name().toLowerCase(java.util.Locale.ROOT))
                    .listener(out, labels, redactor, false)
                    .traceClosed(trace);
            return out.toString();
        }
    }

    private static Trace trace(String... command) {
        Exec earlier = Exec.builder()
                .time(START)
                .exe("/usr/bin/env")
                .arguments(List.of("env", "TOKEN=" + SECRET))
                .build();
        Exec last = Exec.builder()
                .time(START)
                .exe("/usr/bin/" + command[0])
                .arguments(List.of(command))
                .build();
        ProcessSpan process = process(1, command).execs(earlier, last).build();
        SessionSpan session = SessionSpan.builder()
                .traceId(TRACE)
                .name("[1] http://me:" + SECRET + "@h/")
                .endTime(START)
                .build();
        return Spans.trace(process).toBuilder().session(session).build();
    }

    @ParameterizedTest
    @EnumSource
    void shouldHideSecretsUnlessToldOtherwise(Output output) {
        Labels labels = new Labels("https://me:" + SECRET + "@h", Map.of("note", "password=" + SECRET));
        assertThat(output.of(trace, labels, Redactor.standard()))
                .contains("http://***@h/")
                .doesNotContain(SECRET);
        assertThat(output.of(trace, labels, Redactor.none())).contains("http://me:" + SECRET + "@h/");
        assertThat(output.of(trace, labels, Redactor.standard().and(Pattern.compile("http"))))
                .contains("***://***@h/");
    }

    @ParameterizedTest
    @EnumSource(names = "TEXT", mode = EnumSource.Mode.EXCLUDE)
    void shouldHideSecretsInArguments(Output output) {
        assertThat(output.of(trace, Labels.NONE, Redactor.standard())).contains("me:***");
        assertThat(output.of(trace, Labels.NONE, Redactor.none())).contains("me:" + SECRET);
    }

    @Test
    void shouldHideSecretsByDefault() throws Exception {
        StringBuilder out = new StringBuilder();
        TextLines.write(trace, out);
        JsonLines.write(trace, out);
        HtmlReport.write(trace, out);
        PerfettoTrace.write(trace, out);
        ProcessSpan process = trace.processes().get(0);
        out.append(JsonLines.format(process)).append(TextLines.format(process)).append(process);
        out.append(process.execs()).append(trace).append(trace.session()).append(process.commandLine());
        assertThat(out).doesNotContain(SECRET);
        assertThat(process.arguments()).contains("me:" + SECRET);
    }

    @Test
    void shouldHideSecretsInFailuresOfAssertions() {
        TraceAssertions.assertThat(trace).hasProcessMatching("me:" + SECRET);
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> TraceAssertions.assertThat(trace).hasProcessMatching("wget"))
                .withMessageContaining("curl -u me:*** http://h/")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain(SECRET));
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(
                        () -> TraceAssertions.assertThat(trace).process("curl").hasArguments("curl"))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain(SECRET));
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> TraceAssertions.assertThat(trace).processes().isEmpty())
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain(SECRET));
    }

    @ParameterizedTest
    @ValueSource(strings = {"://:", "a://b ", "\0", "\udc80", "\"", "'", "\\", "<", "a", "$(", "key=", "\u202e"})
    void shouldTakeLinearTime(String part) {
        String hostile = part.repeat(128 * 1024 / part.length());
        Trace big = trace("sh", "-c", hostile + "@", hostile);
        for (Output output : Output.values()) {
            assertTimeout(Duration.ofSeconds(30), () -> output.of(big, Labels.NONE, Redactor.standard()));
        }
        assertTimeout(Duration.ofSeconds(30), () -> big.processes().toString());
    }
}
