package io.schedtrace.internal.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.hosts.ProcessImage;
import io.schedtrace.internal.text.HostText;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arguments and variables are whatever a program was given: nothing in them may throw or take long. */
@Timeout(60)
class RecognisedAnythingTest {
    private static final int ROUNDS = 5_000;
    private static final String ODD = ":/@,;='\"[]{}()\\#?&%$-. \t\n\0\udc80\ud83dü。*|<>~x1";

    @Test
    void survivesDamagedText() throws Exception {
        List<String> seeds =
                RecognisedTest.rows().map(RecognisedTest.Row::input).toList();
        Random random = new Random(7);
        SourceSink sink = new SourceSink(1_000_000);
        sink.open("x");
        for (int i = 0; i < ROUNDS; i++) {
            String text = mutated(seeds.get(random.nextInt(seeds.size())), random);
            List<String> words = new ArrayList<>(List.of(text.split(" ", -1)));
            ProcessImage image = new ProcessImage(1, "/bin/x", words, List.of(text, "X=" + text, "A_HOST=" + text));
            new CommandLineSource().inspect(image, sink);
            new EnvironmentSource().inspect(image, sink);
        }
        assertThat(sink.candidates())
                .isNotEmpty()
                .allSatisfy(name -> assertThat(HostText.ascii(name.name()))
                        .matches("[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*"));
    }

    private static String mutated(String seed, Random random) {
        StringBuilder text = new StringBuilder(seed);
        for (int n = 1 + random.nextInt(4); n > 0; n--) {
            int at = random.nextInt(text.length() + 1);
            char odd = ODD.charAt(random.nextInt(ODD.length()));
            switch (random.nextInt(3)) {
                case 0 -> text.insert(at, odd);
                case 1 -> text.delete(at, Math.min(text.length(), at + random.nextInt(5)));
                default -> text.insert(at, text.substring(at, Math.min(text.length(), at + 12)));
            }
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a,",
                "://",
                "a://b:c/",
                "(host=",
                "(host = a",
                "@//",
                "jdbc:oracle:thin:",
                "/dev/tcp/",
                "'",
                "\"",
                "{\"",
                "[\"a\",",
                "a=b ",
                "a=b;",
                "a@b:",
                "a.",
                ":",
                "-",
                "@",
                " ",
                "\\",
                "tcp(",
                "http://a,",
                "ü",
                "{\"a\":\"{",
                "a: b\n",
                "a:\n- ",
                "a: #",
                "sftp:a@",
                "s3:a.",
                ",address=dt_socket"
            })
    void isNotQuadratic(String part) {
        String text = part.repeat(64_000 / part.length());
        SourceSink sink = new SourceSink(100);
        sink.open("x");
        List<String> environment =
                List.of("X=" + text, "A_HOST=" + text, "A_URL=" + text, "A_OPTS=" + text, "J={\"" + text);
        ProcessImage image =
                new ProcessImage(1, "/bin/app", List.of("app", text, "--host", text, "-D" + text), environment);
        new EnvironmentSource().inspect(image, sink);
        new CommandLineSource().inspect(image, sink);
        assertThat(sink.candidates()).hasSizeLessThanOrEqualTo(100);
    }
}
