package io.schedtrace.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.schedtrace.lab.Providers;
import io.schedtrace.lab.SampleTraces;
import io.schedtrace.model.Labels;
import io.schedtrace.model.Redactor;
import io.schedtrace.model.TraceListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceFormatsTest {
    @TempDir
    private Path directory;

    /** A second format of the name. */
    public static class OtherSlowest implements TraceFormat {
        @Override
        public String name() {
            return "slowest";
        }

        @Override
        public TraceListener listener(Appendable out, Labels labels, Redactor redactor, boolean colours) {
            return new TraceListener() {};
        }
    }

    /** One with a name that is taken. */
    public static final class OtherText extends OtherSlowest {
        @Override
        public String name() {
            return "text";
        }
    }

    /** One that nobody could type. */
    public static final class BadName extends OtherSlowest {
        @Override
        public String name() {
            return "a\u001b[1mb";
        }
    }

    /** One that does not tell its name. */
    public static final class NoName extends OtherSlowest {
        @Override
        public String name() {
            throw new IllegalStateException("no\nname");
        }
    }

    /** One that cannot be made. */
    public static final class Failing extends OtherSlowest {
        public Failing() {
            throw new IllegalStateException("no\nconstructor");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "text, true, false",
        "json, true, false",
        "tree, false, false",
        "html, false, true",
        "perfetto, false, true"
    })
    void shouldFindTheBuiltInFormats(String name, boolean streams, boolean needsFile) {
        assertThat(TraceFormats.find(name))
                .returns(name, TraceFormat::name)
                .returns(streams, TraceFormat::streams)
                .returns(needsFile, TraceFormat::needsFile);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "json", "tree", "html", "perfetto"})
    void shouldWriteWithLabels(String name) {
        assertThat(written(TraceFormats.find(name), new Labels("nightly", Map.of("team", "infra"))))
                .contains("nightly", "infra");
    }

    @Test
    void shouldColourTheTreeOfATerminal() {
        TraceFormat tree = TraceFormats.find("tree");
        StringBuilder out = new StringBuilder();
        tree.listener(out, Labels.NONE, Redactor.standard(), true).traceClosed(SampleTraces.passedBuild());
        assertThat(out).contains("\u001b[");
        assertThat(written(tree, Labels.NONE)).doesNotContain("\u001b[");
    }

    @Test
    void shouldFindTheFormatOfAProvider() throws Exception {
        withProviders(
                () -> {
                    TraceFormat slowest = TraceFormats.find("slowest");
                    assertThat(slowest)
                            .isInstanceOf(SlowestFormat.class)
                            .returns(false, TraceFormat::streams)
                            .returns(false, TraceFormat::needsFile);
                    assertThat(written(slowest, new Labels("nightly", Map.of())).lines())
                            .startsWith(
                                    "nightly", "320 ms  bash -c 'ls / | sort | wc -l; curl -s http://localhost:8080/'")
                            .endsWith("40 ms  ls /");
                },
                SlowestFormat.class);
    }

    @Test
    void shouldListTheKnownNames() throws Exception {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TraceFormats.find("xml"))
                .withMessage("a format is text, json, tree, html or perfetto, not \"xml\"");
        withProviders(
                () -> assertThatIllegalArgumentException()
                        .isThrownBy(() -> TraceFormats.find("Slowest"))
                        .withMessage("a format is text, json, tree, html, perfetto or slowest, not \"Slowest\""),
                SlowestFormat.class,
                OtherSlowest.class);
    }

    @Test
    void shouldRefuseANameThatTwoProvidersHave() throws Exception {
        withProviders(
                () -> {
                    assertThatIllegalArgumentException()
                            .isThrownBy(() -> TraceFormats.find("slowest"))
                            .withMessage(
                                    "there are 2 formats named \"slowest\": io.schedtrace.export.SlowestFormat and "
                                            + OtherSlowest.class.getName()
                                            + "; remove all but one of them from the class path");
                    assertThat(TraceFormats.find("text").name()).isEqualTo("text");
                },
                SlowestFormat.class,
                OtherSlowest.class);
    }

    @Test
    void shouldNotReplaceABuiltInFormat() throws Exception {
        withProviders(
                () -> assertThatIllegalArgumentException()
                        .isThrownBy(() -> TraceFormats.find("text"))
                        .withMessage("there are 2 formats named \"text\": the built-in one and "
                                + OtherText.class.getName()
                                + "; a built-in format cannot be replaced, so rename the other one"),
                OtherText.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "io.schedtrace.Missing | Provider io.schedtrace.Missing not found",
                "io.schedtrace.lab.Providers | io.schedtrace.lab.Providers not a subtype",
                "$Failing | $Failing could not be instantiated: java.lang.IllegalStateException: no\\nconstructor",
                "$NoName | $NoName does not tell its name: java.lang.IllegalStateException: no\\nname",
                "$BadName | $BadName is named \"a\\x1b[1mb\"; a name has lower-case letters",
            })
    void shouldIgnoreABrokenProviderWithOneLine(String broken, String complaint) throws Exception {
        List<String> logged = new ArrayList<>();
        String provider = broken.startsWith("$") ? getClass().getName() + broken : broken;
        Providers.register(directory, TraceFormat.class, provider, SlowestFormat.class.getName());
        Providers.with(directory, () -> {
            collect(logged, () -> assertThat(TraceFormats.find("slowest")).isInstanceOf(SlowestFormat.class));
        });
        assertThat(logged)
                .singleElement()
                .asString()
                .startsWith("an output format is ignored: ")
                .contains(complaint)
                .doesNotContain("\n");
    }

    private void withProviders(Providers.Body body, Class<?>... providers) throws Exception {
        String[] names = List.of(providers).stream().map(Class::getName).toArray(String[]::new);
        Providers.with(Providers.register(directory, TraceFormat.class, names), body);
    }

    private static String written(TraceFormat format, Labels labels) {
        StringBuilder out = new StringBuilder();
        format.listener(out, labels, Redactor.standard(), false).traceClosed(SampleTraces.passedBuild());
        return out.toString();
    }

    private static void collect(List<String> messages, Providers.Body body) throws Exception {
        Logger logger = Logger.getLogger("io.schedtrace");
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                assertThat(record.getThrown()).isNull();
                messages.add(new SimpleFormatter().formatMessage(record));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.addHandler(handler);
        try {
            body.run();
        } finally {
            logger.removeHandler(handler);
        }
    }
}
