package io.schedtrace.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FeatureTest {
    private static final Path DOCS = Path.of(System.getProperty("basedir", ""), "../docs/how-it-works.md");

    private static String has(Feature feature, Via via) {
        return feature.isIn(via) ? "yes" : "no";
    }

    @ParameterizedTest
    @EnumSource
    void theDocsHaveARowForEach(Feature feature) throws IOException {
        assertThat(Files.readString(DOCS))
                .contains("| " + feature.text() + " | " + has(feature, Via.BPF) + " | " + has(feature, Via.DAEMON)
                        + " | " + has(feature, Via.HELPER)
                        + " | " + has(feature, Via.PTRACE) + " |\n");
    }

    @Test
    void bpfLacksNothing() {
        assertThat(Feature.missingIn(Via.BPF)).isEmpty();
        assertThat(Feature.missingIn(Via.PTRACE)).contains(Feature.JVM_CONNECTIONS, Feature.NESTED_DEBUGGERS);
    }
}
