package io.schedtrace.model;

import static io.schedtrace.lab.Spans.connection;
import static io.schedtrace.lab.Spans.process;
import static io.schedtrace.lab.Spans.trace;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.schedtrace.export.JsonLines;
import io.schedtrace.export.TextLines;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user adds, in each format. */
class LabelsTest {
    private final ProcessSpan shell = process(1, "sh").build();
    private final Labels labels = new Labels("nightly \"build\"", attributes());

    private static Map<String, String> attributes() {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("team", "infra");
        attributes.put("a.b", "x = y");
        return attributes;
    }

    @Test
    void shouldStandAtTheEndOfEachLineOfText() {
        StringBuilder out = new StringBuilder();
        TextLines.to(out, labels, Redactor.standard())
                .traceClosed(trace(
                        Loss.builder().untracked(1).build(),
                        shell,
                        connection(2, shell).build()));
        assertThat(out.toString().lines())
                .hasSize(3)
                .allMatch(line -> line.endsWith(" trace_name=\"nightly \\\"build\\\"\" team=infra a.b=\"x = y\""));
    }

    @Test
    void shouldBeAnObjectInJson() {
        StringBuilder out = new StringBuilder();
        JsonLines.to(out, labels, Redactor.standard())
                .traceClosed(trace(shell, connection(2, shell).build()));
        String attributes = ",\"attributes\":{\"team\":\"infra\",\"a.b\":\"x = y\"}}";
        assertThat(out.toString().lines()).hasSize(4).allMatch(line -> line.endsWith(attributes));
        assertThat(out.toString().lines())
                .last()
                .asString()
                .endsWith(",\"name\":\"nightly \\\"build\\\"\"" + attributes);
    }

    @Test
    void shouldStandInTheLastLineOfTheTree() {
        assertThat(TreeText.plain().labelled(labels).format(trace(shell)))
                .endsWith(", 'nightly \"build\"', team=infra, a.b='x = y'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a=b", "grün", "a\n", "\""})
    void shouldRefuseKeysThatATextCannotHave(String key) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Labels(null, Map.of(key, "value")));
    }
}
