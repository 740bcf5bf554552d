package io.schedtrace.internal.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.schedtrace.hosts.HostSink;
import io.schedtrace.hosts.ProcessImage;
import io.schedtrace.internal.text.HostText;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table {@code recognised.txt}, a test for each row. */
class RecognisedTest {
    private static final Pattern WORD = Pattern.compile("(?:[^\\s'\"]|'[^']*'|\"[^\"]*\")+");

    record Row(String kind, String input, String expected) {
        boolean negative() {
            return expected.equals("-");
        }
    }

    static Stream<Row> rows() throws IOException {
        try (InputStream in = RecognisedTest.class.getResourceAsStream("recognised.txt")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return text.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(RecognisedTest::row);
        }
    }

    private static Row row(String line) {
        int first = line.indexOf(" | ");
        int last = line.lastIndexOf(" | ");
        String expected = line.substring(last + 3).strip();
        return new Row(
                line.substring(0, first),
                unicode(line.substring(first + 3, last).strip()),
                unicode(expected));
    }

    private static String unicode(String text) {
        return text.replaceAll("(?<!\\\\)\\\\u00fc", "ü")
                .replaceAll("(?<!\\\\)\\\\u00dc", "Ü")
                .replaceAll("(?<!\\\\)\\\\u000a", "\n")
                .replace("\\\\u", "\\u");
    }

    @ParameterizedTest
    @MethodSource("rows")
    void row(Row row) throws Exception {
        List<String> expected =
                row.negative() ? List.of() : List.of(row.expected().split(" ", -1));
        assertThat(found(row)).containsExactlyElementsOf(expected);
    }

    @Test
    void hasManyRowsAndAsManyNegatives() throws Exception {
        List<Row> rows = rows().toList();
        assertThat(rows).hasSizeGreaterThan(300).doesNotHaveDuplicates();
        assertThat(rows.stream().filter(Row::negative).count()).isGreaterThan(rows.size() / 2 - 1);
    }

    private static Set<String> found(Row row) {
        Collected hosts = new Collected();
        if (row.kind().equals("env")) {
            new EnvironmentSource().inspect(new ProcessImage(1, "/bin/x", List.of("x"), List.of(row.input())), hosts);
        } else {
            List<String> arguments = new ArrayList<>();
            for (Matcher word = WORD.matcher(row.input()); word.find(); ) {
                arguments.add(word.group().replaceAll("'([^']*)'|\"([^\"]*)\"", "$1$2"));
            }
            String exe = "/usr/bin/" + arguments.get(0);
            new CommandLineSource().inspect(new ProcessImage(1, exe, arguments, List.of()), hosts);
        }
        return hosts.all;
    }

    /** Takes what a source tells; facts as {@code name@address}. */
    private static final class Collected implements HostSink {
        final Set<String> all = new LinkedHashSet<>();

        @Override
        public void candidate(String name) {
            assertThat(HostText.normalize(name)).as("a valid name").isEqualTo(name);
            all.add(name);
        }

        @Override
        public void fact(String name, InetAddress address) {
            String text = address.getHostAddress();
            all.add(name + "@" + (text.equals("fd00:0:0:0:0:0:0:1") ? "fd00::1" : text));
        }
    }
}
